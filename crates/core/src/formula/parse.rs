//! The grammar of a formula, by recursive descent over winnow's stream.
//!
//! ```text
//! sum     = product (("+" | "-") product)*
//! product = signed (("*" | "/") signed)*
//! signed  = ("-" | "+") signed | power
//! power   = atom ("^" signed)?                so that −x² is −(x²), and 2^3^2 is 2^(3^2)
//! atom    = number | name | function "(" sum ("," sum)* ")" | "(" sum ")"
//! ```

use super::function::Function;
use super::{DEEPEST, Name, Node, Operator};
use crate::error::{Error, Result};
use winnow::combinator::opt;
use winnow::error::ParserError;
use winnow::stream::{AsChar, Location, Stream};
use winnow::token::{one_of, take_while};
use winnow::{LocatingSlice, Parser, Stateful};

/// What is read, with where that is.
type Input<'a> = Stateful<LocatingSlice<&'a str>, Reading<'a>>;

/// The whole text, and how deep it is nested at the present place.
#[derive(Debug)]
struct Reading<'a> {
    text: &'a str,
    depth: usize,
}

impl Reading<'_> {
    /// The number of a character, from 1, from its place in bytes.
    fn position(&self, at: usize) -> usize {
        self.text.get(..at).unwrap_or(self.text).chars().count() + 1
    }
}

/// What is wrong, and where in the text, in bytes.
#[derive(Debug)]
struct Wrong {
    at: usize,
    value: String,
    message: String,
}

impl ParserError<Input<'_>> for Wrong {
    type Inner = Wrong;

    /// What stands at the present place is not expected there.
    fn from_input(input: &Input<'_>) -> Wrong {
        let value = sign_of(input);
        let message = if value.is_empty() { "unexpected end".into() } else { format!("unexpected '{value}'") };
        Wrong { at: input.current_token_start(), value, message }
    }

    fn into_inner(self) -> core::result::Result<Wrong, Wrong> {
        Ok(self)
    }
}

type Parsed<T> = core::result::Result<T, Wrong>;

/// Reads a whole text.
pub(super) fn parse(text: &str) -> Result<Node> {
    let mut input = Stateful { input: LocatingSlice::new(text), state: Reading { text, depth: 0 } };
    let read = spaces(&mut input).and_then(|()| sum(&mut input)).and_then(|root| ended(&mut input).map(|()| root));
    read.map_err(|Wrong { at, value, message }| Error::BadFormula {
        position: input.state.position(at),
        value,
        message,
    })
}

fn ended(input: &mut Input) -> Parsed<()> {
    if input.eof_offset() == 0 { Ok(()) } else { Err(after_an_operand(input)) }
}

/// What is wrong with something that follows an operand and is no operator.
fn after_an_operand(input: &Input) -> Wrong {
    let wrong = Wrong::from_input(input);
    if wrong.value.starts_with(|c| starts_a_name(c) || c.is_ascii_digit() || c == '(') {
        let message = format!("an operator such as * is missing before '{}'", wrong.value);
        return Wrong { message, ..wrong };
    }
    wrong
}

fn sum(input: &mut Input) -> Parsed<Node> {
    let mut left = product(input)?;
    while let Some(sign) = one(input, ['+', '-', '−'])? {
        let operator = if sign == '+' { Operator::Plus } else { Operator::Minus };
        left = Node::Of(operator, Box::new([left, product(input)?]));
    }
    Ok(left)
}

fn product(input: &mut Input) -> Parsed<Node> {
    let mut left = signed(input)?;
    while let Some(sign) = one(input, ['*', '/', '·', '×'])? {
        let operator = if sign == '/' { Operator::Over } else { Operator::Times };
        left = Node::Of(operator, Box::new([left, signed(input)?]));
    }
    Ok(left)
}

fn signed(input: &mut Input) -> Parsed<Node> {
    nested(input, |input| match one(input, ['+', '-', '−'])? {
        Some('+') => signed(input),
        Some(_) => Ok(Node::Negative(Box::new(signed(input)?))),
        None => power(input),
    })
}

fn power(input: &mut Input) -> Parsed<Node> {
    let of = |base, exponent| Node::Of(Operator::Power, Box::new([base, exponent]));
    let mut base = atom(input)?;
    while let Some(sign) = one(input, ['²', '³'])? {
        base = of(base, Node::Number(if sign == '²' { 2.0 } else { 3.0 }));
    }
    match one(input, ['^'])? {
        Some(_) => Ok(of(base, signed(input)?)),
        None => Ok(base),
    }
}

fn atom(input: &mut Input) -> Parsed<Node> {
    let at = input.current_token_start();
    if one(input, ['('])?.is_some() {
        let inner = sum(input)?;
        close(input, at)?;
        return Ok(inner);
    }
    let word: &str = word(input)?;
    if word.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        let wrong = || Wrong { at, value: word.into(), message: format!("'{word}' is no number: it stands") };
        let number = word.parse().ok().filter(|number: &f64| number.is_finite()).ok_or_else(wrong)?;
        spaces(input)?;
        return Ok(Node::Number(number));
    }
    if word.is_empty() {
        return Err(Wrong::from_input(input));
    }
    spaces(input)?;
    let open = input.current_token_start();
    if one(input, ['('])?.is_some() {
        return call(input, word, at, open);
    }
    match (word, Name::of(word)) {
        ("pi" | "π", _) => Ok(Node::Number(core::f64::consts::PI)),
        (_, Some(name)) => Ok(Node::Name(name, input.state.position(at))),
        _ => Err(Wrong { at, value: word.into(), message: format!("unknown name '{word}'") }),
    }
}

/// A function whose parenthesis is open.
fn call(input: &mut Input, word: &str, at: usize, open: usize) -> Parsed<Node> {
    let wrong = |message: String| Wrong { at, value: word.into(), message };
    let function = Function::of(word);
    if function.is_none() && word != "sum" {
        let message = match Name::of(word) {
            Some(_) => format!("'{word}' is no function, and an operator such as * is missing after it:"),
            None => format!("unknown function '{word}'"),
        };
        return Err(wrong(message));
    }
    let mut arguments = vec![sum(input)?];
    while one(input, [','])?.is_some() {
        arguments.push(sum(input)?);
    }
    close(input, open)?;
    let wanted = function.map_or(1, Function::arguments);
    if arguments.len() != wanted {
        return Err(wrong(format!("'{word}' takes {wanted}, and there are {} in its parentheses,", arguments.len())));
    }
    match (function, arguments.pop()) {
        (None, Some(inner)) if has_sum(&inner) => Err(wrong("a sum inside a sum".into())),
        (None, Some(inner)) => Ok(Node::Sum(Box::new(inner))),
        (Some(function), Some(last)) => {
            arguments.push(last);
            Ok(Node::Call(function, arguments))
        }
        (_, None) => Err(wrong(format!("'{word}' of nothing"))),
    }
}

fn has_sum(node: &Node) -> bool {
    match node {
        Node::Number(_) | Node::Name(..) => false,
        Node::Negative(inner) => has_sum(inner),
        Node::Of(_, sides) => sides.iter().any(has_sum),
        Node::Call(_, arguments) => arguments.iter().any(has_sum),
        Node::Sum(_) => true,
    }
}

fn close(input: &mut Input, open: usize) -> Parsed<()> {
    if one(input, [')'])?.is_some() {
        return Ok(());
    }
    if input.eof_offset() == 0 {
        return Err(Wrong { at: open, value: "(".into(), message: "a ')' is missing for the '('".into() });
    }
    Err(after_an_operand(input))
}

/// One level deeper, as long as that is allowed.
fn nested<'a, T>(input: &mut Input<'a>, read: impl FnOnce(&mut Input<'a>) -> Parsed<T>) -> Parsed<T> {
    input.state.depth += 1;
    if input.state.depth > DEEPEST {
        let message = format!("it is nested more than {DEEPEST} deep");
        return Err(Wrong { at: input.current_token_start(), value: String::new(), message });
    }
    let result = read(input);
    input.state.depth -= 1;
    result
}

/// One of these signs, and the spaces behind it; none is no mistake.
fn one<const N: usize>(input: &mut Input, signs: [char; N]) -> Parsed<Option<char>> {
    let sign = opt(one_of::<_, _, Wrong>(signs)).parse_next(input)?;
    if sign.is_some() {
        spaces(input)?;
    }
    Ok(sign)
}

fn spaces(input: &mut Input) -> Parsed<()> {
    take_while::<_, _, Wrong>(0.., char::is_whitespace).void().parse_next(input)
}

fn starts_a_name(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

/// A number or a name; empty where neither stands.
fn word<'a>(input: &mut Input<'a>) -> Parsed<&'a str> {
    let rest: &'a str = input.input.peek_slice(input.eof_offset());
    let length = if rest.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        number_length(rest)
    } else if rest.starts_with(starts_a_name) {
        rest.find(|c: char| !starts_a_name(c) && !c.is_ascii_digit()).unwrap_or(rest.len())
    } else {
        0
    };
    Ok(input.next_slice(length))
}

/// Bytes of a number in plain or scientific notation at the start of a text.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_dec_digit()).count();
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') {
        end += 1;
        end += digits(end);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = if end + 1 + sign <= bytes.len() { digits(end + 1 + sign) } else { 0 };
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    end
}

/// What stands at the present place: a word as a whole, any other sign alone.
fn sign_of(input: &Input) -> String {
    let rest = input.input.peek_slice(input.eof_offset());
    let word: String = rest.chars().take_while(|&c| starts_a_name(c) || c.is_ascii_digit()).take(20).collect();
    if word.is_empty() { rest.chars().take(1).collect() } else { word }
}

#[cfg(test)]
mod tests {
    use crate::formula::{Bindings, DEEPEST, Formula, LONGEST, Name};

    fn value(text: &str) -> f64 {
        let mut bindings = Bindings::new();
        for (n, name) in Name::ALL.into_iter().enumerate() {
            bindings.set(name, n as f64 + 2.0);
        }
        bindings.set_directions(vec![(2.0, 3.0), (0.5, 5.0)]);
        Formula::parse(text).unwrap_or_else(|problem| panic!("{text}: {problem}")).evaluate(&bindings)
    }

    fn problem(text: &str) -> String {
        Formula::parse(text).unwrap_err().to_string().replace("formula cannot be read: ", "")
    }

    #[test]
    fn operators_bind_as_in_a_paper() {
        for (text, wanted) in [
            ("1 + 2*3", 7.0),
            ("(1+2)*3", 9.0),
            ("8-3-2", 3.0),
            ("16/4/2", 2.0),
            ("-3^2", -9.0),
            ("(-3)^2", 9.0),
            ("2^3^2", 512.0),
            ("2^-1", 0.5),
            ("2*-3", -6.0),
            ("--2", 2.0),
            ("+2", 2.0),
            (" 3² ", 9.0),
            ("2·3×4−1", 23.0),
            ("1.5e1 + .5 + 2.", 17.5),
            ("2e", f64::NAN),
            ("λ*mu + nu", 2.0 * 3.0 + 4.0),
            ("lambda*μ + ν", 2.0 * 3.0 + 4.0),
            ("sqrt(16) + exp(0) + ln(1) + log(1) + abs(-2)", 7.0),
            ("min(2, 3) * max(2, 3) + sin(0) + cos(0) + tanh(0) + erf(0)", 7.0),
            ("pi - π", 0.0),
            ("sum(c/k)", 1.5 + 10.0),
            ("sum(i*j)", 5.0),
            ("λ*sum(1)", 4.0),
        ] {
            if wanted.is_nan() {
                assert!(Formula::parse(text).is_err(), "{text}");
            } else {
                assert!((value(text) - wanted).abs() < 1e-13, "{text} is {}", value(text));
            }
        }
    }

    #[test]
    fn every_mistake_has_its_place() {
        for (text, words) in [
            ("", "unexpected end at 1"),
            ("λ*c)", "unexpected ')' at 4"),
            ("(1+2", "a ')' is missing for the '(' at 1"),
            ("λ + (k*(2", "a ')' is missing for the '(' at 8"),
            ("1 2", "an operator such as * is missing before '2' at 3"),
            ("2(k)", "an operator such as * is missing before '(' at 2"),
            ("k(2)", "'k' is no function, and an operator such as * is missing after it: at 1"),
            ("1 + * 2", "unexpected '*' at 5"),
            ("1..2", "unexpected '.' at 3"),
            (".", "'.' is no number: it stands at 1"),
            ("1e999", "'1e999' is no number: it stands at 1"),
            ("λ + beta", "unknown name 'beta' at 5"),
            ("window.alert(1)", "unknown name 'window' at 1"),
            ("<script>", "unexpected '<' at 1"),
            ("1 = 1", "unexpected '=' at 3"),
            ("min(1)", "'min' takes 2, and there are 1 in its parentheses, at 1"),
            ("sqrt(1, 2)", "'sqrt' takes 1, and there are 2 in its parentheses, at 1"),
            ("sqrt()", "unexpected ')' at 6"),
            ("sum(sum(k))", "a sum inside a sum at 1"),
            ("1,2", "unexpected ',' at 2"),
            ("NaN", "unknown name 'NaN' at 1"),
            ("inf", "unknown name 'inf' at 1"),
            ("λλ", "unknown name 'λλ' at 1"),
        ] {
            assert_eq!(problem(text), words, "{text:?}");
        }
    }

    #[test]
    fn length_and_depth_have_limits() {
        let nest = |left: &str, deep: usize, right: &str| format!("{}1{}", left.repeat(deep), right.repeat(deep));
        assert_eq!(value(&nest("(", DEEPEST - 2, ")")), 1.0);
        for text in [nest("(", DEEPEST + 1, ")"), nest("-", DEEPEST + 1, ""), nest("1^", DEEPEST + 1, "")] {
            assert!(problem(&text).contains("nested more than"), "{text}");
        }
        assert!(problem(&nest("exp(", DEEPEST + 1, ")")).contains("nested more than"));
        // Long but flat is fine.
        assert_eq!(value(&format!("0{}", "+1".repeat(LONGEST / 2 - 1))), LONGEST as f64 / 2.0 - 1.0);
        assert!(problem(&"é".repeat(LONGEST + 1)).contains("501 characters"));
    }
}
