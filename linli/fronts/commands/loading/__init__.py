"""Loading a folder of somebody's stores and menus: good rows are put, every bad row is reported with its reason."""

from __future__ import annotations

from linli.fronts.commands.loading.folder import load_folder
from linli.fronts.commands.loading.report import Bad, Report

__all__ = ["Bad", "Report", "load_folder"]
