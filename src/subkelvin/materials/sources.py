"""Where numbers and methods come from: the bibliography, and how it is printed.

Keys are the first author and the year. A source without a DOI is found by its journal reference, preprint or title.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Source:
    """One reference.

    Args:
        key: as used in the library, in device files and in docstrings.
        authors: as printed.
        title: of the work.
        journal: journal with volume and first page, publisher, or repository.
        year: of publication.
        doi: digital object identifier, "" if there is none.
        arxiv: identifier of the preprint, "" if there is none.
    """

    key: str
    authors: str
    title: str
    journal: str
    year: int
    doi: str = ""
    arxiv: str = ""

    def __str__(self) -> str:
        """The reference on one line."""
        identifiers = [f"doi:{self.doi}"] if self.doi else []
        identifiers += [f"arXiv:{self.arxiv}"] if self.arxiv else []
        ending = "".join(f", {identifier}" for identifier in identifiers)
        return f"[{self.key}] {self.authors}, {self.title}, {self.journal} ({self.year}){ending}"


_SOURCES = (
    Source(
        key="pioldi2025",
        authors="M. Pioldi, G. De Simoni, A. Braggio, F. Giazotto",
        title="Photonic negative differential thermal conductance enabled by NIS junctions",
        journal="preprint",
        year=2025,
        arxiv="2503.16295",
    ),
    Source(
        key="bardeen1957",
        authors="J. Bardeen, L. N. Cooper, J. R. Schrieffer",
        title="Theory of superconductivity",
        journal="Phys. Rev. 108, 1175",
        year=1957,
        doi="10.1103/PhysRev.108.1175",
    ),
    Source(
        key="battisti2024",
        authors="S. Battisti, G. De Simoni, A. Braggio, A. Paghi, L. Sorba, F. Giazotto",
        title="Extremely weak sub-kelvin electron-phonon coupling in InAs On Insulator",
        journal="preprint",
        year=2024,
        arxiv="2406.15040",
    ),
    Source(
        key="bradbury2018",
        authors="J. Bradbury, R. Frostig, P. Hawkins, M. J. Johnson, C. Leary, D. Maclaurin, G. Necula, A. Paszke, "
        "J. VanderPlas, S. Wanderman-Milne, Q. Zhang",
        title="JAX: composable transformations of Python+NumPy programs",
        journal="computer program",
        year=2018,
    ),
    Source(
        key="dynes1978",
        authors="R. C. Dynes, V. Narayanamurti, J. P. Garno",
        title="Direct measurement of quasiparticle-lifetime broadening in a strong-coupled superconductor",
        journal="Phys. Rev. Lett. 41, 1509",
        year=1978,
        doi="10.1103/PhysRevLett.41.1509",
    ),
    Source(
        key="giazotto2006",
        authors="F. Giazotto, T. T. Heikkilä, A. Luukanen, A. M. Savin, J. P. Pekola",
        title="Opportunities for mesoscopics in thermometry and refrigeration: physics and applications",
        journal="Rev. Mod. Phys. 78, 217",
        year=2006,
        doi="10.1103/RevModPhys.78.217",
        arxiv="cond-mat/0508093",
    ),
    Source(
        key="holmqvist2008",
        authors="T. Holmqvist, M. Meschke, J. P. Pekola",
        title="Double oxidation scheme for tunnel junction fabrication",
        journal="J. Vac. Sci. Technol. B 26, 28",
        year=2008,
        doi="10.1116/1.2817629",
    ),
    Source(
        key="kittel2005",
        authors="C. Kittel",
        title="Introduction to solid state physics, 8th edition",
        journal="Wiley",
        year=2005,
    ),
    Source(
        key="leivo1996",
        authors="M. M. Leivo, J. P. Pekola, D. V. Averin",
        title="Efficient Peltier refrigeration by a pair of normal metal/insulator/superconductor junctions",
        journal="Appl. Phys. Lett. 68, 1996",
        year=1996,
        doi="10.1063/1.115651",
        arxiv="cond-mat/9511127",
    ),
    Source(
        key="mattis1958",
        authors="D. C. Mattis, J. Bardeen",
        title="Theory of the anomalous skin effect in normal and superconducting metals",
        journal="Phys. Rev. 111, 412",
        year=1958,
        doi="10.1103/PhysRev.111.412",
    ),
    Source(
        key="meschke2006",
        authors="M. Meschke, W. Guichard, J. P. Pekola",
        title="Single-mode heat conduction by photons",
        journal="Nature 444, 187",
        year=2006,
        doi="10.1038/nature05276",
        arxiv="cond-mat/0605678",
    ),
    Source(
        key="pascal2011",
        authors="L. M. A. Pascal, H. Courtois, F. W. J. Hekking",
        title="Circuit approach to photonic heat transport",
        journal="Phys. Rev. B 83, 125113",
        year=2011,
        doi="10.1103/PhysRevB.83.125113",
        arxiv="1003.3217",
    ),
    Source(
        key="roberts1976",
        authors="B. W. Roberts",
        title="Survey of superconductive materials and critical evaluation of selected properties",
        journal="J. Phys. Chem. Ref. Data 5, 581",
        year=1976,
    ),
    Source(
        key="schmidt2004",
        authors="D. R. Schmidt, R. J. Schoelkopf, A. N. Cleland",
        title="Photon-mediated thermal relaxation of electrons in nanostructures",
        journal="Phys. Rev. Lett. 93, 045901",
        year=2004,
        doi="10.1103/PhysRevLett.93.045901",
    ),
    Source(
        key="maki1965",
        authors="K. Maki, A. Griffin",
        title="Entropy transport between two superconductors by electron tunneling",
        journal="Phys. Rev. Lett. 15, 921",
        year=1965,
        doi="10.1103/PhysRevLett.15.921",
    ),
    Source(
        key="tucker1985",
        authors="J. R. Tucker, M. J. Feldman",
        title="Quantum detection at millimeter wavelengths",
        journal="Rev. Mod. Phys. 57, 1055",
        year=1985,
        doi="10.1103/RevModPhys.57.1055",
    ),
    Source(
        key="timofeev2009",
        authors="A. V. Timofeev, C. Pascual García, N. B. Kopnin, A. M. Savin, M. Meschke, F. Giazotto, J. P. Pekola",
        title="Recombination-limited energy relaxation in a Bardeen-Cooper-Schrieffer superconductor",
        journal="Phys. Rev. Lett. 102, 017003",
        year=2009,
        doi="10.1103/PhysRevLett.102.017003",
        arxiv="0804.4413",
    ),
    Source(
        key="tinkham1996",
        authors="M. Tinkham",
        title="Introduction to superconductivity, 2nd edition",
        journal="McGraw-Hill",
        year=1996,
    ),
)

BIBLIOGRAPHY: Mapping[str, Source] = MappingProxyType({source.key: source for source in _SOURCES})
"""All sources by key."""

METHODS = (
    "pioldi2025",
    "schmidt2004",
    "meschke2006",
    "pascal2011",
    "dynes1978",
    "bardeen1957",
    "tinkham1996",
    "giazotto2006",
    "timofeev2009",
    "mattis1958",
    "bradbury2018",
)
"""What every computed device rests on, in the order of the physics."""


def bibliography(keys: Iterable[str]) -> list[str]:
    """Formatted references, in the order of the keys, each once.

    A key that is not in the bibliography is the user's own (a laboratory book, a private communication) and is
    returned as it stands.
    """
    return [str(BIBLIOGRAPHY.get(key, key)) for key in dict.fromkeys(keys)]
