//! The optimizer's rows.

use crate::optimizer::LARGEST_AVERAGING;
use crate::scenario::parameter::{Group, Interval, Parameter, Values, linear, log, number};

const ROW: Parameter = Parameter::of(Group::Optimizer);

/// In the order of the page.
pub(super) const OPTIMIZER: &[Parameter] = &[
    Parameter {
        name: "optimizer",
        path: "/optimizer/kind",
        label: "Optimizer",
        values: Values::Choice {
            options: &[
                ("momentum", "SGD with momentum"),
                ("qhm", "quasi-hyperbolic momentum"),
                ("preconditioned", "preconditioned by a matrix"),
                ("newton", "damped Newton"),
                ("natural_gradient", "natural gradient"),
                ("adam", "Adam"),
            ],
        },
        default: "\"momentum\"",
        doc: "How a step follows from the gradients.",
        ..ROW
    },
    Parameter {
        name: "learning_rate",
        path: "/optimizer/learning_rate",
        label: "Learning rate",
        symbol: "λ",
        values: number(Interval::open_below(0.0, 1e6), linear(0.01, 4.0, 0.01)),
        default: "1.5",
        doc: "Length of a step per unit of gradient, or factor on the preconditioner. With momentum stable while λk < 2(1 + μ) for every curvature k of K.",
        ..ROW
    },
    Parameter {
        name: "momentum",
        path: "/optimizer/momentum",
        label: "Momentum",
        symbol: "μ",
        values: number(Interval::open_above(0.0, 1.0), linear(0.0, 0.99, 0.01)),
        default: "0.0",
        only_if: Some(("optimizer", &["momentum", "qhm", "preconditioned", "newton", "natural_gradient"])),
        doc: "Share of the last velocity that each step keeps; 0 is plain SGD.",
        ..ROW
    },
    Parameter {
        name: "mixing",
        path: "/optimizer/mixing",
        label: "Mixing",
        symbol: "ν",
        values: number(Interval::closed(0.0, 1.0), linear(0.0, 1.0, 0.01)),
        default: "0.7",
        only_if: Some(("optimizer", &["qhm"])),
        doc: "Share of the velocity in a step; the rest is the fresh gradient. 0 is plain SGD.",
        ..ROW
    },
    Parameter {
        name: "preconditioner",
        path: "/optimizer/preconditioner",
        label: "Preconditioner",
        symbol: "Λ",
        values: Values::Matrix { definite: true },
        default: "[[1.0,0.0],[0.0,1.0]]",
        only_if: Some(("optimizer", &["preconditioned"])),
        doc: "Matrix that multiplies each step: symmetric, positive definite, as large as K.",
        ..ROW
    },
    Parameter {
        name: "averaging",
        path: "/optimizer/averaging",
        label: "Averaging",
        symbol: "ε",
        values: number(Interval::open_below(0.0, LARGEST_AVERAGING), log(1e-4, LARGEST_AVERAGING, 10.0)),
        default: "0.01",
        only_if: Some(("optimizer", &["natural_gradient"])),
        doc: "Share of the newest moment in the average that preconditions the step, at most 1 − μ; the theory takes it as near 0. Replicas of a block share it, so standard errors are 5 % too small at 0.01, 10 % at 0.5.",
        ..ROW
    },
    Parameter {
        name: "adam_form",
        path: "/optimizer/form",
        label: "Second moments",
        values: Values::Choice { options: &[("matrix", "the whole matrix"), ("diagonal", "the diagonal")] },
        default: "\"matrix\"",
        only_if: Some(("optimizer", &["adam"])),
        doc: "Which second moments of the gradient precondition the step.",
        ..ROW
    },
    Parameter {
        name: "beta1",
        path: "/optimizer/beta1",
        label: "Decay of the mean",
        symbol: "β₁",
        values: number(Interval::open_above(0.0, 1.0), linear(0.0, 0.99, 0.01)),
        default: "0.0",
        only_if: Some(("optimizer", &["adam"])),
        doc: "Share of the averaged gradient that each step keeps; 0 uses the fresh gradient.",
        ..ROW
    },
    Parameter {
        name: "beta2",
        path: "/optimizer/beta2",
        label: "Decay of the square",
        symbol: "β₂",
        values: number(Interval::open_above(0.0, 1.0), linear(0.9, 0.9999, 0.0001)),
        default: "0.999",
        only_if: Some(("optimizer", &["adam"])),
        doc: "Share of the averaged squared gradient that each step keeps; the theory takes it as near 1.",
        ..ROW
    },
    Parameter {
        name: "epsilon",
        path: "/optimizer/epsilon",
        label: "Regulariser",
        symbol: "ε",
        values: number(Interval::closed(0.0, 1e6), log(1e-10, 1.0, 5.0)),
        default: "1e-8",
        only_if: Some(("optimizer", &["adam"])),
        doc: "Added to the root of the second moment, so that a step stays finite.",
        ..ROW
    },
];
