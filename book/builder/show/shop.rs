//! `{{#shop NAME}}`: a minute at the shop with a part and with its naive form.

use crate::{
    files::read,
    markup::{columns, fence, wide},
    problem::Refusal,
    runs::{SHOP, shop_path},
    sources::Sources,
};

/// The recorded comparison, and how to see one's own.
///
/// # Errors
///
/// When it was not recorded.
pub fn shop(sources: &Sources, name: &str) -> Result<String, Refusal> {
    sources.chapter(name)?;
    let path = shop_path(&sources.workbook.root, name);
    let text = read(&path).map_err(|_| {
        format!(
            "book/runs/{name}/{SHOP} is not there; `cargo run -p book -- record {name}` records it"
        )
    })?;
    let (fence, wide, columns) = (fence(&text), wide(&text), columns(&text));
    let text = text.trim_end();
    Ok(format!(
        "`cargo run --example shop` is a small service made of what you have solved, and this \
         exercise is a part of it.\n\
         With `--compare {name}` it puts yours beside the form that people ship; here it is \
         the reference's.\n\n\
         <div class=\"report{wide}\" style=\"--columns: {columns}\">\n\n{fence}text\n{text}\n{fence}\n\n\
         <p class=\"source\">What <code>cargo run --example shop -- --reference --compare \
         {name}</code> says</p>\n</div>"
    ))
}
