"""Language: how written words sound and how they are typed. Pure."""
