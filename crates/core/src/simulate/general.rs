//! The kernel of everything that is not linear under a constant noise: true minibatches, potentials, Adam and natural
//! gradient. In double precision, a gradient first and a rule after it.

use super::frame::Frame;
use super::kernel::{B, Kernel};
use super::rule::{Rule, second_moment};
use super::source::Source;
use super::stream::Stream;
use crate::error::Result;
use crate::optimizer::{Momentum, Qhm, Step};
use nalgebra::DMatrix;

/// The state of all blocks in the coordinates of a frame.
#[derive(Debug, Clone)]
pub(super) struct General {
    frame: Frame,
    source: Source,
    rule: Rule,
    /// `[block][coordinate][replica]`.
    weights: Vec<f64>,
    /// Likewise: the velocity, or Adam's average of the gradient. Empty where there is none.
    velocities: Vec<f64>,
    /// Adam's average of the squared gradient. Empty where there is none.
    squares: Vec<f64>,
    /// Average second moment of each block's weights, where a rule or a noise follows it.
    weights_moments: Vec<DMatrix<f64>>,
    /// Average second moment of each block's gradients, for the paper's Adam.
    gradient_moments: Vec<DMatrix<f64>>,
    /// Step after which each replica left the well, from 1; 0 for one that is still in it. Empty without a well.
    exits: Vec<u64>,
    /// Steps that each block had done when its source of gradients began: an epoch starts there.
    source_since: Vec<u64>,
    /// Steps that each block had done when its averages began: Adam's corrections count from there.
    averages_since: Vec<u64>,
    samples: Vec<f32>,
    gradients: Vec<f64>,
}

impl General {
    pub(super) fn new(frame: Frame, mut source: Source, rule: Rule, blocks: usize) -> Result<General> {
        let dimension = frame.curvatures.len();
        let size = dimension * B;
        let proportional = match source {
            Source::Proportional { scale, .. } => Some(scale),
            _ => None,
        };
        if let Source::Minibatch(minibatch) = &mut source {
            minibatch.reserve(blocks);
        }
        let count = |there: bool| if there { blocks * size } else { 0 };
        Ok(General {
            weights: vec![0.0; blocks * size],
            velocities: vec![0.0; count(rule.remembers())],
            squares: vec![0.0; count(matches!(rule, Rule::DiagonalAdam(_)))],
            weights_moments: rule.first_moment(dimension, proportional).map_or_else(Vec::new, |m| vec![m; blocks]),
            gradient_moments: match rule {
                Rule::MatrixAdam(_) => vec![DMatrix::zeros(dimension, dimension); blocks],
                _ => Vec::new(),
            },
            exits: if source.exits().is_some() { vec![0; blocks * B] } else { Vec::new() },
            source_since: vec![0; blocks],
            averages_since: vec![0; blocks],
            samples: vec![0.0; size],
            gradients: vec![0.0; size],
            frame,
            source,
            rule,
        })
    }

    fn dimension(&self) -> usize {
        self.frame.curvatures.len()
    }

    /// Lets everything that is remembered begin after the steps that the blocks have done.
    pub(super) fn begin_after(&mut self, done: &[u64]) {
        self.source_since.copy_from_slice(done);
        self.averages_since.copy_from_slice(done);
    }

    /// Takes over from the kernel before it what is more than weights and velocities, as far as it means the same here: who left the well, the
    /// moments of the weights, of the same problem in the same coordinates the source with its orders of the data, and of the same form of Adam
    /// its averages. These are rescaled so that after the correction for their beginning they are what they were, whatever the new decay.
    pub(super) fn inherit(&mut self, before: &mut General, same_problem: bool, done: &[u64]) {
        if self.exits.len() == before.exits.len() {
            self.exits.clone_from(&before.exits);
        }
        if self.weights_moments.len() == before.weights_moments.len() {
            self.weights_moments.clone_from(&before.weights_moments);
        }
        if same_problem && self.frame == before.frame {
            std::mem::swap(&mut self.source, &mut before.source);
            self.source_since.clone_from(&before.source_since);
        }
        let (old, new) = match (&before.rule, &self.rule) {
            (Rule::DiagonalAdam(old), Rule::DiagonalAdam(new)) | (Rule::MatrixAdam(old), Rule::MatrixAdam(new)) => {
                (*old, *new)
            }
            _ => return,
        };
        self.averages_since.clone_from(&before.averages_since);
        self.squares.clone_from(&before.squares);
        self.gradient_moments.clone_from(&before.gradient_moments);
        let size = self.dimension() * B;
        for (block, (done, since)) in done.iter().zip(&self.averages_since).enumerate() {
            let updates = done - since;
            if updates == 0 {
                continue;
            }
            let ratio = [new.bias(updates), old.bias(updates)];
            let (means, squares) = (ratio[0].0 / ratio[1].0, ratio[0].1 / ratio[1].1);
            if !self.squares.is_empty() {
                // The matrix form does not correct its mean.
                self.velocities[block * size..(block + 1) * size].iter_mut().for_each(|m| *m *= means);
                self.squares[block * size..(block + 1) * size].iter_mut().for_each(|v| *v *= squares);
            }
            if let Some(moment) = self.gradient_moments.get_mut(block) {
                *moment *= squares;
            }
        }
    }

    /// One step of one block; `update` counts from 1.
    fn step(&mut self, block: usize, stream: &mut Stream, update: u64) {
        let (dimension, size) = (self.dimension(), self.dimension() * B);
        let place = block * size..(block + 1) * size;
        let weights = &mut self.weights[place.clone()];
        if let Some(average) = self.weights_moments.get_mut(block)
            && let Some(newest) = second_moment(weights, dimension)
        {
            let share = self.rule.averaging();
            *average = &*average * (1.0 - share) + newest * share;
        }
        let moment = self.weights_moments.get(block);
        let step = update - 1 - self.source_since[block];
        self.source.gradients((block, step), stream, weights, moment, &mut self.samples, &mut self.gradients);
        // Of its averages.
        let age = update - self.averages_since[block];
        let velocities = if self.velocities.is_empty() { &mut [][..] } else { &mut self.velocities[place.clone()] };
        match &self.rule {
            Rule::Step(step) => match *step {
                Step::Momentum(Momentum { learning_rate, momentum }) => {
                    by_coordinate(weights, velocities, &self.gradients, |w, m, g| {
                        Momentum::update([learning_rate, momentum], w, m, g)
                    });
                }
                Step::Qhm(step) => {
                    let coefficients = step.coefficients();
                    by_coordinate(weights, velocities, &self.gradients, |w, m, g| Qhm::update(coefficients, w, m, g));
                }
            },
            Rule::DiagonalAdam(adam) => {
                let bias = adam.bias(age);
                let squares = &mut self.squares[place];
                for (((w, m), v), g) in weights.iter_mut().zip(velocities).zip(squares).zip(&self.gradients) {
                    (*w, (*m, *v)) = adam.diagonal_step(*w, (*m, *v), *g, bias);
                }
            }
            Rule::MatrixAdam(adam) => {
                let average = &mut self.gradient_moments[block];
                if let Some(newest) = second_moment(&self.gradients, dimension) {
                    *average = adam.moment(average, newest);
                }
                let preconditioner = adam.preconditioner(&(&*average / adam.bias(age).1));
                remember(velocities, &mut self.gradients, |m, g| adam.mean(m, g));
                behind(&preconditioner, weights, &self.gradients);
            }
            Rule::NaturalGradient { optimizer, hessian, .. } => {
                let preconditioner = optimizer.preconditioner(hessian, &self.weights_moments[block]);
                remember(velocities, &mut self.gradients, |m, g| optimizer.velocity(m, g));
                behind(&preconditioner, weights, &self.gradients);
            }
        }
        if let Some([low, high]) = self.source.exits() {
            let exits = &mut self.exits[block * B..(block + 1) * B];
            for (w, exit) in weights.iter_mut().zip(exits) {
                if *exit == 0 && (*w < low || *w >= high) {
                    *exit = update;
                    *w = f64::NAN;
                }
            }
        }
    }
}

/// Applies the update of one coordinate to all; without memory the velocity is forgotten.
#[inline(always)]
fn by_coordinate(
    weights: &mut [f64],
    velocities: &mut [f64],
    gradients: &[f64],
    update: impl Fn(f64, f64, f64) -> (f64, f64),
) {
    if velocities.is_empty() {
        for (w, &g) in weights.iter_mut().zip(gradients) {
            *w = update(*w, 0.0, g).0;
        }
    } else {
        for ((w, m), &g) in weights.iter_mut().zip(velocities).zip(gradients) {
            (*w, *m) = update(*w, *m, g);
        }
    }
}

/// Updates the velocities and puts them in the place of the gradients; without memory these stay.
fn remember(velocities: &mut [f64], gradients: &mut [f64], update: impl Fn(f64, f64) -> f64) {
    for (m, g) in velocities.iter_mut().zip(gradients) {
        *m = update(*m, *g);
        *g = *m;
    }
}

/// A step along the gradients behind a matrix that holds the learning rate.
fn behind(preconditioner: &DMatrix<f64>, weights: &mut [f64], gradients: &[f64]) {
    for (i, weights) in weights.chunks_exact_mut(B).enumerate() {
        for (j, gradients) in gradients.chunks_exact(B).enumerate() {
            let entry = preconditioner[(i, j)];
            for (w, g) in weights.iter_mut().zip(gradients) {
                *w -= entry * g;
            }
        }
    }
}

impl Kernel for General {
    fn advance(&mut self, block: usize, stream: &mut Stream, done: u64, steps: u64) {
        for step in 0..steps {
            self.step(block, stream, done + step + 1);
        }
    }

    fn weights(&self, block: usize, into: &mut [f64]) {
        into.copy_from_slice(&self.weights[block * into.len()..(block + 1) * into.len()]);
        self.frame.weights_out(into);
    }

    fn velocities(&self, block: usize, into: &mut [f64]) {
        into.fill(0.0);
        if !self.velocities.is_empty() {
            into.copy_from_slice(&self.velocities[block * into.len()..(block + 1) * into.len()]);
            self.frame.velocities_out(into);
        }
    }

    fn is_gone(&self, block: usize) -> bool {
        let size = self.dimension() * B;
        let weights = &self.weights[block * size..(block + 1) * size];
        (0..B).all(|replica| weights.iter().skip(replica).step_by(B).any(|w| !w.is_finite()))
    }

    fn set(&mut self, block: usize, weights: &[f64], velocities: &[f64]) {
        let size = weights.len();
        let place = block * size..(block + 1) * size;
        self.weights[place.clone()].copy_from_slice(weights);
        self.frame.weights_in(&mut self.weights[place.clone()]);
        if !self.velocities.is_empty() {
            self.velocities[place.clone()].copy_from_slice(velocities);
            self.frame.velocities_in(&mut self.velocities[place]);
        }
    }

    fn general(&mut self) -> Option<&mut General> {
        Some(self)
    }

    fn exits(&self, block: usize) -> &[u64] {
        if self.exits.is_empty() { &[] } else { &self.exits[block * B..(block + 1) * B] }
    }

    fn cost(&self) -> u64 {
        let matrix = match self.rule {
            Rule::Step(_) | Rule::DiagonalAdam(_) => 8,
            _ => 4 * self.dimension() as u64 + 16,
        };
        self.source.cost() + matrix * self.dimension() as u64
    }

    fn copy(&self) -> Box<dyn Kernel> {
        Box::new(self.clone())
    }
}
