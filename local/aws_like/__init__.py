"""AWS's delays, limits and bad habits, put into the emulator of the local run."""
