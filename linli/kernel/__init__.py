"""The words everyone uses: money, geo, time, ids, states, events, errors. Pure; imports nothing of Linli."""
