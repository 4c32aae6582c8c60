//! Every public item says what it is and is used, by its name, in an example that runs.
//!
//! The example may be the item's own, another in the same file, or one in the file of the type that the method belongs to.

use std::fs;
use std::path::Path;

/// What no reader of the documentation can reach, or what no example can run, as `file: name`, each with its reason.
const EXCEPTIONS: [(&str, &str); 5] = [
    ("matrix.rs: serialize", "in a module of the crate, for serde's attributes"),
    ("matrix.rs: deserialize", "in a module of the crate, for serde's attributes"),
    ("loss/least_squares.rs: serialize", "in a private module, for serde's attributes"),
    ("loss/least_squares.rs: deserialize", "in a private module, for serde's attributes"),
    ("errata/mod.rs: errata", "takes seconds: its example is compiled and not run; tests/errata.rs runs it"),
];

/// A public item as its line says it.
#[derive(Debug)]
struct Item {
    file: String,
    name: String,
    kind: Kind,
    documented: bool,
}

#[derive(Debug, PartialEq)]
enum Kind {
    /// A type or a constant of a module.
    Free,
    /// A function of a module.
    Function,
    /// A constant or a function without a receiver, of a type.
    Associated(String),
    /// A function with a receiver, of a type.
    Method(String),
}

/// A file of the crate: its public items, the types that it defines, and the code of its examples without comments and imports.
#[derive(Debug, Default)]
struct Source {
    file: String,
    items: Vec<Item>,
    types: Vec<String>,
    examples: Vec<String>,
}

const FORMS: [&str; 8] =
    ["pub const fn ", "pub fn ", "pub struct ", "pub enum ", "pub trait ", "pub type ", "pub const ", "pub static "];

fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|&c| is_of_a_word(c)).collect()
}

/// The type of `impl Type {`, `impl<T> Type<T> {`; of `impl Trait for Type {` too, which has no `pub` lines.
fn implemented(line: &str) -> Option<String> {
    let rest = line.strip_prefix("impl")?;
    let rest = if rest.starts_with('<') { rest.split_once("> ")?.1 } else { rest.strip_prefix(' ')? };
    Some(first_word(rest))
}

fn read(file: &str, text: &str) -> Source {
    let mut source = Source { file: file.into(), examples: examples(text), ..Source::default() };
    let (mut owner, mut documented, mut open_brackets) = (None, false, 0);
    // Tests stand at the end of a file.
    let lines: Vec<&str> = text.lines().take_while(|line| line.trim() != "#[cfg(test)]").collect();
    for (number, line) in lines.iter().enumerate() {
        let code = line.trim();
        if open_brackets > 0 || code.starts_with("#[") {
            // An attribute stands between a comment and its item, on one line or several.
            open_brackets += code.matches('[').count() as i64 - code.matches(']').count() as i64;
            continue;
        }
        if code.starts_with("///") {
            documented = true;
            continue;
        }
        if line.starts_with("impl") {
            owner = implemented(line);
        } else if line.starts_with('}') {
            owner = None;
        }
        if let Some((form, rest)) = FORMS.iter().find_map(|form| Some((*form, code.strip_prefix(form)?))) {
            let name = first_word(rest);
            let signature: String =
                lines[number..].iter().take_while(|line| !line.trim().is_empty()).copied().collect();
            let signature = signature.split('{').next().unwrap_or_default();
            let receives =
                form.ends_with("fn ") && ["(self", "&self", "mut self"].iter().any(|s| signature.contains(s));
            let kind = match &owner {
                Some(owner) if receives => Kind::Method(owner.clone()),
                Some(owner) => Kind::Associated(owner.clone()),
                None if form.ends_with("fn ") => Kind::Function,
                None => Kind::Free,
            };
            if kind == Kind::Free && ["pub struct ", "pub enum ", "pub trait "].contains(&form) {
                source.types.push(name.clone());
            }
            source.items.push(Item { file: file.into(), name, kind, documented });
        }
        documented = false;
    }
    source
}

/// Code of every example that is run: fenced, and not marked with anything that keeps it from running.
fn examples(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Option<(bool, String)> = None;
    for line in text.lines().map(str::trim) {
        let Some(comment) = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")) else {
            open = None;
            continue;
        };
        let comment = comment.trim();
        if let Some(marks) = comment.strip_prefix("```") {
            match open.take() {
                Some((true, code)) => found.push(code),
                Some((false, _)) => {}
                None => open = Some((matches!(marks, "" | "rust" | "should_panic"), String::new())),
            }
        } else if let Some((_, code)) = &mut open {
            let visible = comment.strip_prefix("# ").unwrap_or(comment);
            let visible = visible.split("//").next().unwrap_or_default();
            if !visible.starts_with("use ") {
                code.push_str(visible);
                code.push('\n');
            }
        }
    }
    found
}

/// Whether `word` stands in the text by itself, after `before`.
fn has(text: &str, before: &str, word: &str) -> bool {
    let sought = format!("{before}{word}");
    text.match_indices(&sought).any(|(at, _)| {
        let left = text[..at].chars().next_back();
        let right = text[at + sought.len()..].chars().next();
        (!before.is_empty() || !left.is_some_and(is_of_a_word)) && !right.is_some_and(is_of_a_word)
    })
}

impl Item {
    /// Whether an example uses it. Where several types of the file have a method of that name, the type must be named too.
    fn is_used_in(&self, example: &str, ambiguous: bool) -> bool {
        match &self.kind {
            Kind::Free => has(example, "", &self.name),
            // Modules may have the name of a function in them.
            Kind::Function => example.match_indices(&format!("{}(", self.name)).any(|(at, _)| {
                let left = example[..at].chars().next_back();
                !left.is_some_and(|c| is_of_a_word(c) || c == '.')
            }),
            Kind::Associated(owner) => has(example, &format!("{owner}::"), &self.name),
            Kind::Method(owner) => {
                has(example, &format!("{owner}::"), &self.name)
                    || (has(example, ".", &self.name) && (!ambiguous || has(example, "", owner)))
            }
        }
    }

    fn owner(&self) -> Option<&str> {
        match &self.kind {
            Kind::Free | Kind::Function => None,
            Kind::Associated(owner) | Kind::Method(owner) => Some(owner),
        }
    }
}

/// What is missing, as `file: name`.
fn missing(sources: &[Source]) -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    for source in sources {
        for item in &source.items {
            let place = format!("{}: {}", item.file, item.name);
            if !item.documented {
                found.push((place.clone(), "has no comment"));
            }
            // Two files may each have a type of that name; a file with its own means that one.
            let here = |source: &Source| item.owner().is_some_and(|owner| source.types.iter().any(|t| t == owner));
            let elsewhere = item.owner().is_some() && !here(source);
            let of_its_type = sources.iter().filter(|other| elsewhere && here(other));
            let used = std::iter::once(source).chain(of_its_type).any(|place| {
                let namesakes = source.items.iter().chain(&place.items).filter(|other| other.name == item.name);
                let mut owners: Vec<_> = namesakes.map(Item::owner).collect();
                owners.sort_unstable();
                owners.dedup();
                place.examples.iter().any(|example| item.is_used_in(example, owners.len() > 1))
            });
            if !used {
                found.push((place, "is in no example"));
            }
        }
    }
    found
}

fn sources(folder: &Path, root: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, root, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let file = path.strip_prefix(root).expect("below the root").display().to_string().replace('\\', "/");
            found.push(read(&file, &fs::read_to_string(&path).expect("text")));
        }
    }
}

fn crate_sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &root, &mut found);
    found.sort_by(|a, b| a.file.cmp(&b.file));
    found
}

#[test]
fn every_public_item_has_a_comment_and_an_example() {
    let sources = crate_sources();
    let items: usize = sources.iter().map(|source| source.items.len()).sum();
    assert!(items > 300, "only {items} public items found: the search is broken");
    let mut lines: Vec<String> = missing(&sources)
        .into_iter()
        .filter(|(place, _)| EXCEPTIONS.iter().all(|(exception, _)| exception != place))
        .map(|(place, what)| format!("{place} {what}"))
        .collect();
    lines.sort();
    assert!(lines.is_empty(), "{} to do:\n{}", lines.len(), lines.join("\n"));
}

/// An exception that is none any more has to go.
#[test]
fn exceptions_are_needed() {
    let missing = missing(&crate_sources());
    for (exception, reason) in EXCEPTIONS {
        assert!(missing.iter().any(|(place, _)| place == exception), "{exception} ({reason}) is no exception");
    }
}

#[test]
fn the_search_sees_what_is_missing() {
    let text = r"
        /// ```text
        /// silent();
        /// ```
        pub fn silent() {}
        pub const BARE: f64 = 1.0;

        /// ```
        /// use noisy_descent::Imported;
        /// let pair = Pair::new(1.0); // not Pair::other(1.0)
        /// assert_eq!(pair.left(), 1.0);
        /// ```
        #[derive(
            Debug
        )]
        pub struct Pair;

        /// A type.
        pub struct Imported;

        pub(crate) fn hidden() {}
impl Pair {
    /// A comment.
    pub fn new(left: f64) -> Pair {}

    /// A comment.
    pub fn other(left: f64) -> Pair {}

    /// A comment.
    pub fn left(
        &self,
    ) -> f64 {}
}

impl Imported {
    /// A comment.
    pub fn left(&self) -> f64 {}
}
#[cfg(test)]
pub fn later() {}
";
    let found = missing(&[read("x", text)]);
    let found: Vec<String> = found.into_iter().map(|(place, what)| format!("{place} {what}")).collect();
    assert_eq!(
        found,
        [
            "x: silent is in no example",
            "x: BARE has no comment",
            "x: BARE is in no example",
            "x: Imported is in no example",
            "x: other is in no example",
            "x: left is in no example", // of Imported: the example names another type
        ]
    );
}
