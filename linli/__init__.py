"""Linli (邻里): an open-source platform for local services, online to offline."""

__version__ = "0.1.0"
