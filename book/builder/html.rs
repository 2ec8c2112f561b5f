//! As much of HTML as checking links takes: tags and their attributes.

/// One opening tag.
#[derive(Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    /// Its name in the case it was written in.
    pub name: &'a str,
    /// Its attributes with entities resolved.
    pub attributes: Vec<(&'a str, String)>,
}

impl Tag<'_> {
    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found =
            self.attributes.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// All opening tags of a page, leaving out what stands in scripts, styles and comments.
pub fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut tags = vec![];
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if let Some(after) = rest.strip_prefix("!--") {
            rest = after.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let (tag, after) = tag(rest);
        rest = after;
        if matches!(tag.name, "script" | "style") {
            let end = format!("</{}", tag.name);
            rest = rest.find(&end).map_or("", |at| &rest[at..]);
        }
        tags.push(tag);
    }
    tags
}

fn tag(text: &str) -> (Tag<'_>, &str) {
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'));
    let (name, mut rest) = text.split_at(end.unwrap_or(text.len()));
    let mut attributes = vec![];
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return (Tag { name, attributes }, after);
        }
        let end =
            rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/'));
        let (key, after) = rest.split_at(end.unwrap_or(rest.len()));
        if key.is_empty() && after.is_empty() {
            return (Tag { name, attributes }, "");
        }
        let (value, after) = match after.strip_prefix('=') {
            Some(after) => value(after),
            None => ("", after),
        };
        // A stray `=` would otherwise be looked at for ever.
        rest = if key.is_empty() { after.get(1..).unwrap_or("") } else { after };
        attributes.push((key, unescape(value)));
    }
}

fn value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.split_once(quote).unwrap_or((inner, ""));
        }
    }
    let end = text.find(|c: char| c.is_whitespace() || c == '>');
    text.split_at(end.unwrap_or(text.len()))
}

fn unescape(text: &str) -> String {
    let quotes =
        text.replace("&quot;", "\"").replace("&#39;", "'").replace("&#x27;", "'");
    quotes.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// `%20` and its like as the bytes they stand for.
pub fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = vec![];
    let mut i = 0;
    while i < bytes.len() {
        let hex =
            text.get(i + 1..i + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match hex {
            Some(byte) if bytes[i] == b'%' => {
                out.push(byte);
                i += 3;
            }
            _ => {
                out.push(bytes[i]);
                i += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_come_quoted_bare_or_alone() {
        let found = tags(
            r#"<p>x</p><a href="a&amp;b" class=c hidden data-x='"'>y</a><br/>"#,
        );

        assert_eq!(found.len(), 3);
        assert_eq!(found[1].get("href"), Some("a&b"));
        assert_eq!(found[1].get("class"), Some("c"));
        assert_eq!(found[1].get("hidden"), Some(""));
        assert_eq!(found[1].get("data-x"), Some("\""));
    }

    #[test]
    fn scripts_and_comments_hold_no_tags() {
        let found =
            tags("<script>if (a < b) '<a href=x>'</script><!-- <img> --><p>");

        let names: Vec<&str> = found.iter().map(|tag| tag.name).collect();
        assert_eq!(names, ["script", "p"]);
    }

    #[test]
    fn broken_html_comes_to_an_end() {
        for text in ["<", "<a", "<a =", "<a ==>", "<a href=\"", "<!--", "<script>"] {
            tags(text);
        }
    }

    #[test]
    fn percent_signs_are_decoded_where_they_mean_something() {
        assert_eq!(percent_decode("a%20b%zz%"), "a b%zz%");
        assert_eq!(percent_decode("%c3%a9"), "é");
    }
}
