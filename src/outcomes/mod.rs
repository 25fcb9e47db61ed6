//! What became of the leads handed over.
