"""The client of the sandbox provider (`linli.simulator.provider`), written as one for a real page-redirect provider would be."""
