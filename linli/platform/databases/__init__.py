"""Databases as Django knows them, with what Linli needs besides."""
