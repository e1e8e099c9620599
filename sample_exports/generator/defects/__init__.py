"""One small inbox for each way in which real exports go wrong, all around the same eight dossiers."""
