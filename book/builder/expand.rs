//! What stands in the page for a directive.

use runner::page::Page;

use crate::{
    directive::Directive,
    problem::Refusal,
    show::{
        answer::answer, code::code, contract::contract, crowd::crowd,
        minutes::minutes, mistakes::mistakes, picture::picture, report::report,
        shop::shop,
    },
    sources::Sources,
};

/// The Markdown and HTML of one directive on this page.
///
/// # Errors
///
/// When it cannot be shown.
pub fn expand(
    sources: &Sources,
    page: &Page,
    directive: &Directive,
) -> Result<String, Refusal> {
    match directive {
        Directive::Answer(name) => answer(sources, name),
        Directive::Code { file, parts } => code(sources, file, parts),
        Directive::Contract(name) => contract(sources, name),
        Directive::Crowd(name) => crowd(sources, name),
        Directive::Minutes(name) => minutes(sources, name),
        Directive::Mistakes(name) => mistakes(sources, page, name),
        Directive::Report { chapter, mistake } => report(sources, chapter, mistake),
        Directive::Shop(name) => shop(sources, name),
        Directive::Picture { chapter, test, mistake, shows, arrows } => {
            picture(sources, (chapter, test), mistake.as_deref(), (shows, arrows))
        }
    }
}
