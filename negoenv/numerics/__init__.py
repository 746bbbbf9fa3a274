"""Numbers under the game: compilation, records with named fields, random numbers, threads. No rule is here."""
