"""The references behind a device's numbers and the methods that compute it."""

from dataclasses import dataclass

from subkelvin.materials import METHODS, bibliography
from subkelvin.model import Device
from subkelvin.model.device_arguments import require_device


@dataclass(frozen=True)
class Citations:
    """References as text, each with its DOI where it has one."""

    values: tuple[str, ...]
    """Of the device's numbers."""
    methods: tuple[str, ...]
    """Of what computes it."""
    assumed: tuple[str, ...]
    """Keys of the numbers that no source states."""

    def __str__(self) -> str:
        lines = []
        for title, references in (("Values", self.values), ("Methods", self.methods)):
            lines += [f"{title}:", *(f"  {one}" for one in references or ("(no sources are recorded)",))]
        lines.append(f"{len(self.assumed)} values are assumed: no source states them (`report` lists them).")
        return "\n".join(lines)

    __repr__ = __str__


def cite(device: Device) -> Citations:
    """The references behind a device's numbers and the methods that compute it.

    Args:
        device: any device.

    Returns:
        Citations, whose text is a list to paste.

    Raises:
        ValueError: if this is no device.

    Example:
        >>> from subkelvin import cite, preset
        >>> len(cite(preset("silver-setup-1")).methods) > 5
        True
    """
    require_device(device, batch=True, traced=True)
    return Citations(
        tuple(bibliography(device.provenance.sources)), tuple(bibliography(METHODS)), device.provenance.assumed
    )
