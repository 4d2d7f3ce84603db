"""The way in: a phone number, then the code sent to it. Works without scripts."""
