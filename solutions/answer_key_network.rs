// Computed from workbook.toml and the folders; `cargo run -- verify --bless` writes it.
