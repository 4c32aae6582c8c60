//! The value of a formula.

use super::{Bindings, Name, Node, Operator};

/// The value of a node. Inside `sum` there is a direction, whose numbers go before those of the same names outside.
pub(super) fn value_of(node: &Node, bindings: &Bindings, direction: Option<usize>) -> f64 {
    let value = |inner: &Node| value_of(inner, bindings, direction);
    match node {
        Node::Number(number) => *number,
        Node::Name(name, _) => number_of(*name, bindings, direction),
        Node::Negative(inner) => -value(inner),
        Node::Of(operator, sides) => {
            let [left, right] = [value(&sides[0]), value(&sides[1])];
            match operator {
                Operator::Plus => left + right,
                Operator::Minus => left - right,
                Operator::Times => left * right,
                Operator::Over => left / right,
                Operator::Power => libm::pow(left, right),
            }
        }
        Node::Call(function, arguments) => {
            let [first, last] = [arguments.first(), arguments.last()].map(|inner| inner.map_or(f64::NAN, value));
            function.value(first, last)
        }
        Node::Sum(inner) => (0..bindings.directions.len()).fold(0.0, |sum, n| sum + value_of(inner, bindings, Some(n))),
    }
}

fn number_of(name: Name, bindings: &Bindings, direction: Option<usize>) -> f64 {
    match (name, direction) {
        (curvature, Some(n)) if curvature.is_curvature() => bindings.directions[n].0,
        (Name::Noise, Some(n)) => bindings.directions[n].1,
        (Name::First | Name::Second, Some(n)) => n as f64 + 1.0,
        _ => bindings.get(name).unwrap_or(f64::NAN),
    }
}

/// The first name without a number, and where it stands.
pub(super) fn unbound(node: &Node, bindings: &Bindings, in_sum: bool) -> Option<(Name, usize)> {
    match node {
        Node::Number(_) => None,
        Node::Name(name, position) => {
            let bound = bindings.get(*name).is_some() || (in_sum && name.is_of_a_direction());
            (!bound).then_some((*name, *position))
        }
        Node::Negative(inner) => unbound(inner, bindings, in_sum),
        Node::Of(_, sides) => sides.iter().find_map(|side| unbound(side, bindings, in_sum)),
        Node::Call(_, arguments) => arguments.iter().find_map(|argument| unbound(argument, bindings, in_sum)),
        Node::Sum(inner) => unbound(inner, bindings, true),
    }
}
