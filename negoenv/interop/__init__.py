"""Bridges to neighbouring libraries, a small file each; importing this package imports none of them."""
