"""The benchmark protocol: evaluation on held-out suppliers, normalised scores, fingerprints of games, traces."""
