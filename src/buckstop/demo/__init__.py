"""A real model, broken four ways before real servers, to see who answers."""
