"""The vector map beneath every map of the Beijing demo: metro lines from open data, the rest drawn by hand and labelled schematic."""
