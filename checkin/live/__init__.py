"""Arrivals as they stand: counted once a second for all who watch (CP1, section 8)."""

from checkin.live.picture import Snapshot
from checkin.live.sharing import snapshot
from checkin.live.taking import count

__all__ = ["Snapshot", "count", "snapshot"]
