"""Everything that can be held: units, slots, nights; holds that take all or nothing and expire; every movement written down."""
