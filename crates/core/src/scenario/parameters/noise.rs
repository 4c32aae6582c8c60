//! The noise's rows.

use crate::scenario::parameter::{Group, Interval, Parameter, Values, integer, linear, log, number};

const ROW: Parameter = Parameter::of(Group::Noise);

/// In the order of the page.
pub(super) const NOISE: &[Parameter] = &[
    Parameter {
        name: "covariance",
        path: "/noise/covariance/kind",
        label: "Noise covariance",
        symbol: "C",
        values: Values::Choice {
            options: &[
                ("white", "white, σ²I"),
                ("hessian", "as the Hessian, aK"),
                ("mixed", "white and as the Hessian, σ²I + aK"),
                ("proportional", "as the gradient, cKΣK"),
                ("matrix", "a matrix"),
                ("minibatch", "of a minibatch of the data"),
                ("curvature", "of a minibatch, |L″|/S + σ²"),
            ],
        },
        default: "\"white\"",
        doc: "Covariance of the noise that each gradient carries.",
        ..ROW
    },
    Parameter {
        name: "noise_variance",
        path: "/noise/covariance/variance",
        label: "Noise variance",
        symbol: "σ²",
        values: number(Interval::closed(0.0, 1e12), log(0.01, 100.0, 20.0)),
        default: "1.0",
        only_if: Some(("covariance", &["white", "mixed", "curvature"])),
        doc: "Variance of the noise that is the same in every direction and everywhere, σ²I.",
        ..ROW
    },
    Parameter {
        name: "noise_scale",
        path: "/noise/covariance/scale",
        label: "Noise scale",
        symbol: "a",
        values: number(Interval::closed(0.0, 1e12), log(0.01, 100.0, 20.0)),
        default: "1.0",
        only_if: Some(("covariance", &["hessian", "mixed", "proportional"])),
        doc: "Factor on K, or on KΣK, in the covariance of the noise.",
        ..ROW
    },
    Parameter {
        name: "noise_covariance",
        path: "/noise/covariance/matrix",
        label: "Noise covariance",
        symbol: "C",
        values: Values::Matrix { definite: false },
        default: "[[1.0,0.0],[0.0,1.0]]",
        only_if: Some(("covariance", &["matrix"])),
        doc: "Covariance of the noise: symmetric, positive semidefinite, as large as K.",
        ..ROW
    },
    Parameter {
        name: "batch_size",
        path: "/noise/covariance/batch_size",
        label: "Batch size",
        symbol: "S",
        unit: "samples",
        values: integer(1.0, 1e6, log(1.0, 1000.0, 10.0)),
        default: "1",
        only_if: Some(("covariance", &["minibatch", "curvature"])),
        doc: "Samples of which each gradient is the mean; at most all of them unless drawn with replacement.",
        ..ROW
    },
    Parameter {
        name: "sampling",
        path: "/noise/covariance/sampling",
        label: "Sampling",
        values: Values::Choice {
            options: &[
                ("with_replacement", "with replacement"),
                ("without_replacement", "without replacement"),
                ("epoch", "by epochs, each sample once"),
            ],
        },
        default: "\"with_replacement\"",
        only_if: Some(("covariance", &["minibatch"])),
        doc: "How the samples of a batch are drawn.",
        ..ROW
    },
    Parameter {
        name: "law",
        path: "/noise/law/kind",
        label: "Noise law",
        values: Values::Choice {
            options: &[
                ("gaussian", "Gaussian"),
                ("student_t", "Student's t"),
                ("chi_squared", "χ² less its mean"),
                ("laplace", "Laplace"),
                ("uniform", "uniform"),
                ("rademacher", "a fair coin, ±1"),
            ],
        },
        default: "\"gaussian\"",
        doc: "Shape of the noise before it is given its covariance.",
        ..ROW
    },
    Parameter {
        name: "degrees",
        path: "/noise/law/degrees",
        label: "Degrees of freedom",
        values: number(Interval::open_below(0.0, 1e6), linear(2.5, 30.0, 0.5)),
        default: "5.0",
        only_if: Some(("law", &["student_t", "chi_squared"])),
        doc: "Few make heavy tails (Student's t, above 2) or a skewed law (χ²).",
        ..ROW
    },
];
