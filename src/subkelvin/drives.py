"""What changes a value of a device in time: the drives of `evolve`."""

from subkelvin.balance.time.drives import Drive, Pulse, Sine, Step, Table

__all__ = ["Drive", "Pulse", "Sine", "Step", "Table"]
