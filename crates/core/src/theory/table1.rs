//! The paper's Table 1 as data: for one loss and noise every optimizer's covariance and training error, as earlier work, the
//! paper and the exact theory have them.

use super::{
    System, adam_minibatch_covariance, continuous, natural_gradient_minibatch_covariance, newton_covariance, published,
    second_order_training_error, stationary_covariance, training_error,
};
use crate::error::Result;
use crate::matrix::to_rows;
use crate::noise::NoiseCovariance;
use crate::optimizer::{Adam, Momentum, NaturalGradient, Newton, Optimizer, Qhm};
use crate::scenario::Scenario;
use nalgebra::DMatrix;
use serde::Serialize;

/// One row of the table: one optimizer.
///
/// ```
/// use noisy_descent::{Scenario, theory::{Table1Row, table1}};
/// let rows: Vec<Table1Row> = table1(&Scenario::default())?;
/// let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
/// assert_eq!(names, ["SGD", "SGD with momentum", "QHM", "Damped Newton", "Natural gradient", "Adam"]);
/// assert_eq!((rows[2].optimizer.kind(), &rows[2].errata[..]), ("qhm", &[1, 2][..]));
/// // The paper's Adam is for another noise than this constant one.
/// assert!(rows[5].earlier.is_none() && rows[5].paper.is_none() && rows[5].exact.is_some());
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Table1Row {
    /// The optimizer, with the numbers that the scenario gives it.
    pub optimizer: Optimizer,
    /// Name in words.
    pub name: String,
    /// As earlier work has it; `null` where the table has none.
    pub earlier: Option<Table1Entry>,
    /// As the paper has it; `null` where its formula is for another noise.
    pub paper: Option<Table1Entry>,
    /// As it is; `null` where there is no stationary state.
    pub exact: Option<Table1Entry>,
    /// Numbers of the errata that concern the row.
    pub errata: Vec<u32>,
    /// Why an entry is missing or wrong, in words; empty where nothing is to say.
    pub note: String,
}

/// One entry of the table.
///
/// ```
/// use noisy_descent::{Scenario, theory::{Table1Entry, table1}};
/// let sgd = table1(&Scenario::default())?.swap_remove(0); // K = diag(1, 0.1), C = I, λ = 1.5
/// let Table1Entry { covariance, training_error } = sgd.earlier.unwrap();
/// assert_eq!(covariance.unwrap()[0][0], 0.75); // λ/2
/// assert!((training_error.unwrap() - (0.75 + 2.25 * 1.1 / 8.0)).abs() < 1e-14); // λ tr C/4 + λ² tr(KC)/8
/// let exact = sgd.exact.unwrap();
/// assert!((exact.covariance.unwrap()[0][0] - 3.0).abs() < 1e-14); // λ/(2 − λ)
/// assert!((exact.training_error.unwrap() - 0.5 * (3.0 + 1.5 / 1.85)).abs() < 1e-14);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Table1Entry {
    /// Stationary covariance, `D` rows of `D` numbers; `null` where it is not given.
    pub covariance: Option<Vec<Vec<f64>>>,
    /// Stationary training error; `null` where it is not given.
    pub training_error: Option<f64>,
}

/// The paper's Table 1 for the loss and noise of a scenario, with its learning rate, its momentum and its mixing where it has
/// one (0 and 0.7 otherwise): SGD, SGD with momentum, QHM, damped Newton, natural gradient and Adam.
///
/// # Errors
/// The first problem of the scenario.
///
/// ```
/// use noisy_descent::{Scenario, theory::table1};
/// let rows = table1(&Scenario::default())?;
/// let sgd = &rows[0];
/// assert_eq!(sgd.earlier.as_ref().unwrap().covariance.as_ref().unwrap()[0][0], 0.75);
/// assert_eq!(sgd.paper, sgd.exact);
/// # Ok::<(), noisy_descent::Error>(())
/// ```
pub fn table1(scenario: &Scenario) -> Result<Vec<Table1Row>> {
    scenario.validate()?;
    let hessian: &DMatrix<f64> = &*scenario.loss.hessian()?;
    // A noise that depends on the weights is here what the discrete theory takes it for.
    let stand_in = scenario.noise.covariance.stand_in(hessian).map(|matrix| NoiseCovariance::Matrix { matrix });
    let noise = stand_in.as_ref().unwrap_or(&scenario.noise.covariance);
    let learning_rate = scenario.optimizer.learning_rate();
    let momentum = scenario.number("momentum").unwrap_or(0.0);
    let mixing = scenario.number("mixing").unwrap_or(Qhm::default().mixing);
    let constant = noise.matrix(hessian);
    let mut rows = Vec::with_capacity(6);
    if let Some(covariance) = &constant {
        let sgd = Optimizer::Momentum(Momentum { learning_rate, momentum: 0.0 });
        rows.push(linear("SGD", hessian, covariance, sgd)?);
        let heavy_ball = Optimizer::Momentum(Momentum { learning_rate, momentum });
        rows.push(linear("SGD with momentum", hessian, covariance, heavy_ball)?);
        let qhm = Qhm { learning_rate, momentum, mixing };
        let mut row = linear("QHM", hessian, covariance, Optimizer::Qhm(qhm))?;
        if let Some(earlier) = &mut row.earlier {
            earlier.covariance = Some(to_rows(&published::qhm_earlier_covariance(hessian, covariance, &qhm)?));
        }
        row.errata = vec![1, 2];
        row.paper = row.paper.filter(|_| momentum == 0.0);
        row.note = "the paper's h(K) is wrong for every μ > 0; the covariance of earlier work is printed without its \
                    factor 1 − μ"
            .into();
        rows.push(row);
    }
    rows.push(newton(hessian, noise, &Newton { learning_rate, momentum })?);
    rows.push(natural_gradient(
        hessian,
        noise,
        &NaturalGradient { learning_rate, momentum, averaging: slow(momentum) },
    )?);
    rows.push(adam(hessian, noise, &Adam { learning_rate, epsilon: 0.0, ..Adam::default() })?);
    Ok(rows)
}

/// SGD, momentum and QHM: the diffusion's covariance and the second-order training error as earlier work; the paper exact.
fn linear(name: &str, hessian: &DMatrix<f64>, noise: &DMatrix<f64>, optimizer: Optimizer) -> Result<Table1Row> {
    let system = System::new(hessian, noise, &optimizer)?;
    let exact = entry(&system);
    let earlier = Table1Entry {
        covariance: Some(to_rows(&continuous::stationary_covariance(&system))),
        training_error: Some(second_order_training_error(&system)),
    };
    let name = name.into();
    Ok(Table1Row {
        optimizer,
        name,
        earlier: Some(earlier),
        paper: exact.clone(),
        exact,
        errata: Vec::new(),
        note: String::new(),
    })
}

fn newton(hessian: &DMatrix<f64>, noise: &NoiseCovariance, optimizer: &Newton) -> Result<Table1Row> {
    let mut row = empty("Damped Newton", Optimizer::Newton(*optimizer));
    let Some(covariance) = noise.matrix(hessian) else {
        row.note = "a noise that shrinks with the weights lets them come to rest".into();
        return Ok(row);
    };
    row.exact = entry(&System::new(hessian, &covariance, &row.optimizer)?);
    row.paper = newton_covariance(hessian, &covariance, optimizer)?.map(|sigma| of_covariance(hessian, &sigma));
    Ok(row)
}

/// The paper's row is for the noise of a minibatch, `C = κ K Σ K`; its Eq. 107 holds for any constant one.
/// The usual share of the newest moment in the average, or less where the momentum wants that.
fn slow(momentum: f64) -> f64 {
    NaturalGradient::default().averaging.min(1.0 - momentum)
}

fn natural_gradient(hessian: &DMatrix<f64>, noise: &NoiseCovariance, optimizer: &NaturalGradient) -> Result<Table1Row> {
    let mut row = empty("Natural gradient", Optimizer::NaturalGradient(*optimizer));
    row.exact = entry(&System::with_noise(hessian, noise, &row.optimizer)?);
    match noise {
        NoiseCovariance::Proportional { scale } => {
            let sigma = natural_gradient_minibatch_covariance(hessian, *scale, optimizer)?;
            row.paper = Some(of_covariance(hessian, &sigma));
        }
        constant => {
            let covariance = constant.matrix(hessian).unwrap_or_else(|| hessian * 0.0);
            let sigma = super::natural_gradient_covariance(hessian, &covariance, optimizer)?;
            row.paper = Some(of_covariance(hessian, &sigma));
            if row.exact.is_none() {
                row.errata = vec![24];
                row.note = "without noise in some direction the weights circle on the limit of stability; that is no \
                            stationary law"
                    .into();
            }
        }
    }
    Ok(row)
}

fn adam(hessian: &DMatrix<f64>, noise: &NoiseCovariance, optimizer: &Adam) -> Result<Table1Row> {
    let mut row = empty("Adam", Optimizer::Adam(*optimizer));
    row.exact = entry(&System::with_noise(hessian, noise, &row.optimizer)?);
    if let NoiseCovariance::Proportional { scale } = noise {
        row.paper = Some(of_covariance(hessian, &adam_minibatch_covariance(hessian, *scale, optimizer)?));
    } else {
        row.errata = vec![25];
        row.note = "the paper's Σ = λ²(1 + c)/4 I is for a noise that shrinks with the weights, C = cKΣK".into();
    }
    Ok(row)
}

fn empty(name: &str, optimizer: Optimizer) -> Table1Row {
    let name = name.into();
    Table1Row { optimizer, name, earlier: None, paper: None, exact: None, errata: Vec::new(), note: String::new() }
}

fn entry(system: &System) -> Option<Table1Entry> {
    let covariance = Some(to_rows(&stationary_covariance(system)?));
    Some(Table1Entry { covariance, training_error: training_error(system) })
}

fn of_covariance(hessian: &DMatrix<f64>, sigma: &DMatrix<f64>) -> Table1Entry {
    Table1Entry { covariance: Some(to_rows(sigma)), training_error: Some(0.5 * (hessian * sigma).trace()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::Noise;

    #[test]
    fn six_rows_and_the_paper_agrees_where_it_is_right() {
        let mut scenario = Scenario::default().with_number("learning_rate", 0.5).unwrap();
        scenario = scenario.with_number("momentum", 0.9).unwrap();
        let rows = table1(&scenario).unwrap();
        let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["SGD", "SGD with momentum", "QHM", "Damped Newton", "Natural gradient", "Adam"]);
        for row in &rows {
            let exact = row.exact.as_ref().unwrap().training_error.unwrap();
            if let Some(paper) = &row.paper {
                assert!((paper.training_error.unwrap() - exact).abs() < 1e-12 * exact, "{}", row.name);
            } else {
                assert!(!row.errata.is_empty(), "{}", row.name);
            }
        }
    }

    #[test]
    fn noise_that_follows_the_weights_is_for_the_last_two() {
        let covariance = NoiseCovariance::Proportional { scale: 0.5 };
        let optimizer = Optimizer::Adam(Adam { learning_rate: 0.2, ..Adam::default() });
        let noise = Noise { covariance, ..Noise::default() };
        let rows = table1(&Scenario { noise, optimizer, ..Scenario::default() }).unwrap();
        for row in &rows[1..] {
            assert!(row.paper.is_some() && row.exact.is_some(), "{}", row.name);
        }
        assert!((rows[2].paper.as_ref().unwrap().covariance.as_ref().unwrap()[0][0] - 0.015).abs() < 1e-13);
    }
}
