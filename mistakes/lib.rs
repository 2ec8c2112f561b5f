//! Wrong answers that people really write; see `CONTRIBUTING.md`.
