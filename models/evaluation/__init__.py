"""How good tags and links are, against what people said: shares with intervals, calibration, and what to leave open."""
