"""Colours safe for the colour-blind (Okabe & Ito 2008, *Color universal design*), by their names."""

BLUE = "#0072B2"
VERMILION = "#D55E00"
GREEN = "#009E73"
ORANGE = "#E69F00"
PURPLE = "#CC79A7"
GREY = "#999999"  # not theirs: for what is no data of its own, such as limits and rests
