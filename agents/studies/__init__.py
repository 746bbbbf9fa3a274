"""Studies of the game itself: speed, calibration, playtests, references. No user needs them to train."""
