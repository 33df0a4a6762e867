"""What the texts say: the facts, the measures as drafted, the recommendations; read from TOML and checked whole."""
