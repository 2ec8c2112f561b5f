//! What a page becomes.

use runner::page::PARTS;

use super::{
    GLOSSARY, MISTAKE, SIGNATURES, put, refused, rendered, shown, workbook,
};

#[test]
fn rules_have_ids_and_codes() {
    let page = shown("{{#contract sample}}\n");

    assert!(page.contains("<li id=\"rule-1\">\n\nIt is `prompt`.\n"), "{page}");
    assert!(
        page.contains("<code>sample.2</code> <span class=\"beyond\">"),
        "{page}"
    );
}

#[test]
fn steps_keep_their_id_when_the_title_changes() {
    assert!(shown("## Step 1: go\n").contains("## Step 1: go {#step-1}\n"));
    assert!(shown("## Step 2: end\n").contains("Beyond the core"));
    assert!(!shown("## Step 1: go\n").contains("Beyond the core"));
}

#[test]
fn code_is_shown_without_anchors_and_with_its_file() {
    let page = shown("{{#code solutions/sample.rs:body}}\n");

    assert!(page.contains("```rust\nnow();\n```\n"), "{page}");
    assert!(page.contains("<code>solutions/sample.rs</code>, line 5</p>"), "{page}");
}

#[test]
fn code_links_to_its_line_when_the_sources_have_an_address() {
    let root = workbook();
    let manifest = "[workspace.package]\nrust-version = \"1.95\"\n\
                    repository = \"https://example.org/a/b\"\n";
    put(root.path(), "Cargo.toml", manifest);

    let page =
        rendered(&root, "{{#code solutions/sample.rs:body, fn go}}\n").unwrap();

    let link = "<a href=\"https://example.org/a/b/blob/main/solutions/sample.rs#L5\">\
                <code>solutions/sample.rs</code>, lines 5 and 3</a>";
    assert!(page.contains(link), "{page}");
}

#[test]
fn code_that_is_wider_than_the_text_may_use_the_margins() {
    let root = workbook();
    let text = format!("fn f() {{\n    // {}\n}}\n", "x".repeat(81));
    put(root.path(), "solutions/wide.rs", &text);

    let page = rendered(&root, "{{#code solutions/wide.rs:fn f}}\n").unwrap();

    assert!(page.contains("<div class=\"listing wide\">"), "{page}");
    assert!(!shown("{{#code solutions/sample.rs:body}}\n").contains("wide"));
}

#[test]
fn a_mistake_is_shown_as_its_difference_or_as_a_part_of_what_it_makes() {
    let page = shown("{{#code mistakes/sample/is_late.diff}}\n");

    assert!(page.contains("class=\"listing wrong\""), "{page}");
    let difference = "```diff\n@@ -4,3 +4,2 @@\n     // ANCHOR: body\n-    now();\n";
    assert!(page.contains(difference), "{page}");
    let place = "<code>mistakes/sample/is_late.diff</code>, line 9; a wrong answer";
    assert!(page.contains(place), "{page}");

    let page = shown("{{#code mistakes/sample/is_late.diff:fn go}}\n");
    assert!(page.contains("```rust\npub fn go() {\n}\n```"), "{page}");
    let place = "made from <code>solutions/sample.rs</code>, line 3; a wrong answer";
    assert!(page.contains(place), "{page}");
}

#[test]
fn the_answer_is_folded_and_whole_but_for_what_only_the_gate_reads() {
    let root = workbook();
    let words = "word ".repeat(18);
    let text = format!(
        "//! Sample.\n\nuse a::b;\n\npub fn go() {{\n    // Why so: {words}\n    // end.\n    \
         // Mistake: is_late\n    // Why not: it is.\n    b();\n}}\n\n#[cfg(test)]\n\
         #[path = \"../tests/sample.rs\"]\nmod tests;\n"
    );
    put(root.path(), "solutions/sample.rs", &text);

    let page = rendered(&root, "{{#answer sample}}\n").unwrap();

    assert!(
        page.contains("<details class=\"answer\"><summary>The answer"),
        "{page}"
    );
    let words = [14, 4].map(|words| "word ".repeat(words));
    let code = format!(
        "```rust\nuse a::b;\n\npub fn go() {{\n    // Why so: {}\n    // {}end.\n    \
         // Why not: it is.\n    b();\n}}\n```\n",
        words[0].trim_end(),
        words[1],
    );
    assert!(page.contains(&code), "what is too wide is filled anew: {page}");
    assert!(page.contains("<code>solutions/sample.rs</code>, line 3</p>"), "{page}");
    assert!(refused("{{#answer nobody}}\n").contains("no chapter `nobody`"));
}

#[test]
fn mistakes_are_listed_without_stub_main_and_lazy_ones() {
    let page = shown("{{#mistakes sample}}\n");

    assert_eq!(page.matches("<details").count(), 1, "{page}");
    assert!(
        page.contains("<summary><code>is_late</code> is late.</summary>"),
        "{page}"
    );
    assert!(page.contains("<a href=\"https://example.org/1\">"), "{page}");
    assert!(
        page.contains("<code>sample.1</code>: a &lt;call&gt; is prompt</p>"),
        "{page}"
    );
    let place = "<code>mistakes/sample/is_late.diff</code>, line 9, \
                 beside <code>solutions/sample.rs</code></p>";
    assert!(page.contains(place), "{page}");
}

#[test]
fn mistakes_stand_below_their_rule_in_order() {
    let root = workbook();
    let earlier = MISTAKE.replace("sample.1\n", "sample.2; it is subtle\n");
    put(root.path(), "mistakes/sample/ends_late.diff", &earlier);
    let known = "\"mistakes\": {\"ends_late\": {\"fails\": [], \"rule\": \"sample.2\", \
                 \"message\": \"it ends\", \"difference\": null, \"story\": \"\"},";
    let signatures = SIGNATURES.replace("\"mistakes\": {", known);
    put(root.path(), "mistakes/sample/signatures.json", &signatures);

    let page =
        rendered(&root, "{{#mistakes sample}}\n\n## Step 2: `end`\n").unwrap();

    let order = [
        "<a href=\"#rule-1\">sample.1</a></h3>",
        "<code>is_late</code>",
        "<a href=\"#rule-2\">sample.2</a>: <code>end</code></h3>",
        "<code>ends_late</code>",
    ];
    let places: Vec<_> = order.iter().map(|part| page.find(part).unwrap()).collect();
    assert!(places.is_sorted(), "{page}");
}

#[test]
fn a_mistake_that_the_page_speaks_of_is_open() {
    let open = "<details class=\"mistake\" open><summary><code>is_late";
    let of_mistakes = "## Mistakes others made\n\n{{#mistakes sample}}\n\n";

    assert!(shown(&format!("{of_mistakes}`is_late` is sad.\n")).contains(open));
    assert!(!shown(&format!("`is_late`\n\n{of_mistakes}is_late\n")).contains(open));
    assert!(shown(&format!("{of_mistakes}`go` and `is_late`\n")).contains(open));
}

#[test]
fn a_minute_at_the_shop_is_shown_as_it_was_recorded() {
    let root = workbook();
    put(root.path(), "book/runs/sample/shop.txt", "late   0   298   <--\n");

    let page = rendered(&root, "{{#shop sample}}\n").unwrap();

    assert!(page.contains("```text\nlate   0   298   <--\n```"), "{page}");
    assert!(page.contains("`cargo run --example shop`"), "{page}");
}

#[test]
fn what_a_crowd_does_is_shown_as_it_was_measured() {
    let root = workbook();
    put(root.path(), "book/runs/sample/crowd.txt", "answered in time   188   1\n");

    let page = rendered(&root, "{{#crowd sample}}\n").unwrap();

    assert!(page.contains("answered in time   188   1"), "{page}");
    assert!(page.contains("Measured, not computed"), "{page}");
}

#[test]
fn minutes_report_and_pictures_are_shown() {
    let page = shown(
        "{{#minutes sample}}\n{{#report sample is_late}}\n{{#timeline sample step_1_a::b}}\n\
         {{#timeline sample step_1_a::b is_late}}\n",
    );

    assert!(page.contains("1 to 2 minutes to present, 3 to solve"), "{page}");
    assert!(
        page.contains("sample.1: be prompt\n  first difference: late"),
        "{page}"
    );
    assert!(page.contains("timeline-sample-1-title"), "{page}");
    assert!(page.contains("timeline-sample-2-title"), "{page}");
}

#[test]
fn the_page_ends_with_what_it_was_proven_with() {
    let page = shown("# Sample\n");

    assert!(page.contains("with tokio 1.54.1. Needs Rust 1.95 or newer."), "{page}");
}

#[test]
fn sections_of_their_own_are_marked() {
    let sheet = PARTS.map(|name| format!("- **{name}.** Do.\n")).concat();
    let page = shown(&format!(
        "> **Predict.** What?\n> When?\n\nText.\n\n## For the workshop\n\n{sheet}"
    ));

    assert!(
        page.contains("<div class=\"predict\">\n\n> **Predict.** What?"),
        "{page}"
    );
    assert!(page.contains("> When?\n\n</div>\n\n\nText."), "{page}");
    assert!(
        page.contains("<section class=\"for-instructor\">\n\n## For the"),
        "{page}"
    );
    let why = refused("\n## For the workshop\n\n- **Open.** Do.\n");
    assert!(why.starts_with("book/src/sample.md:2: the run sheet lacks"), "{why}");
}

#[test]
fn what_came_of_a_prediction_is_a_closed_detail() {
    let page = shown(
        "> **Predict.** What?\n\nText.\n\n> **Reveal.** Five.\n>\n> {{#minutes sample}}\n>\n> So.\n\nMore.\n",
    );

    let detail = "<details class=\"reveal\"><summary>What came of the prediction</summary>\n\nFive.\n\n";
    assert!(page.contains(detail), "{page}");
    assert!(page.contains("minutes to present"), "it may hold a directive: {page}");
    assert!(page.contains("\nSo.\n\n</details>\n\n\nMore."), "{page}");
    assert!(!page.contains("Reveal"), "{page}");
}

#[test]
fn hints_are_details_and_hints_out_of_form_are_a_gap_that_is_told() {
    let page = shown("## Hints\n\n### Step 1\n\n1. Look.\n2. Use it.\n3. So.\n");
    assert!(page.contains("## Hints\n\n### Step 1 {#hints-step-1}"), "{page}");

    let why = refused("\n## Hints\n\n### Step 1\n\n1. Look.\n");
    assert!(why.starts_with("book/src/sample.md:4: step 1 has 1 hints"), "{why}");
}

#[test]
fn the_first_use_of_a_word_leads_to_the_glossary() {
    let linked = |text: &str| {
        let root = workbook();
        put(root.path(), "book/src/glossary.md", GLOSSARY);
        rendered(&root, text).unwrap()
    };
    let tie = "[tie](glossary.md#tie)";

    for (text, shown) in [
        ("A tie, a tie.", "A [tie](glossary.md#tie), a tie."),
        ("Two Ties.", "Two [Ties](glossary.md#tie)."),
        ("It is in flight.", "It is [in flight](glossary.md#in-flight)."),
        ("# Tie\n\n`tie` [tie](x.md) necktie tie-break\n", "necktie tie-break"),
        ("> A tie.\n\n|tie|\n|---|\n\n```text\ntie\n```\n", "```text\ntie\n```"),
        ("A step.", "A step."),
    ] {
        let page = linked(text);
        assert!(page.contains(shown), "{page}");
        assert!(page.matches("](glossary.md").count() <= 1, "{page}");
    }
    let page = linked(&format!("A tie. By hand: {tie}."));
    assert!(page.contains("A tie. By hand"), "linked once: {page}");
}
