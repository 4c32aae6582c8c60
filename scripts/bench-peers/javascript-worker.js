// The jobs in plain JavaScript: what a page without this library would do. Math.random through Marsaglia's polar method
// (the quickest of the methods that were tried), doubles in typed arrays, replica by replica.

let job;
let descend;

self.onmessage = ({ data }) => {
  if (data.job) {
    job = data.job;
    descend = KINDS[job.kind](job);
    self.postMessage({ how: "replica by replica" });
    return;
  }
  let squares;
  for (const point of data.points) {
    const rate = job.learning_rates[point];
    squares = 0;
    for (let replica = 0; replica < job.replicas; replica++) squares += descend(rate) ** 2;
  }
  self.postMessage({ variance: squares / job.replicas });
};

/** Fills an array of even length with normal samples, which come in pairs. */
function fill(normals) {
  for (let i = 0; i < normals.length; ) {
    const x = 2 * Math.random() - 1;
    const y = 2 * Math.random() - 1;
    const s = x * x + y * y;
    if (s < 1 && s > 0) {
      const factor = Math.sqrt((-2 * Math.log(s)) / s);
      normals[i++] = x * factor;
      normals[i++] = y * factor;
    }
  }
}

/** A Student t sample by Bailey's polar method. */
function studentT(degrees) {
  for (;;) {
    const x = 2 * Math.random() - 1;
    const y = 2 * Math.random() - 1;
    const s = x * x + y * y;
    if (s < 1 && s > 0) return x * Math.sqrt((degrees * (s ** (-2 / degrees) - 1)) / s);
  }
}

// Each makes `descend(learning rate)`: one replica through all steps, the first coordinate at the end. The state is
// scaled so that the noise needs no factor of its own, as in the other peers.
const KINDS = {
  one_coordinate({ hessian, covariance, steps }) {
    const normals = new Float64Array(2 * Math.ceil(steps / 2));
    return (rate) => {
      const factor = 1 - rate * hessian[0][0];
      let u = 0;
      fill(normals);
      for (let step = 0; step < steps; step++) u = factor * u + normals[step];
      return u * rate * Math.sqrt(covariance[0][0]);
    };
  },

  student_t({ hessian, covariance, degrees, steps }) {
    const deviation = Math.sqrt((covariance[0][0] * (degrees - 2)) / degrees);
    return (rate) => {
      const factor = 1 - rate * hessian[0][0];
      let u = 0;
      for (let step = 0; step < steps; step++) u = factor * u + studentT(degrees);
      return u * rate * deviation;
    };
  },

  momentum({ whitened, factor, momentum, steps }) {
    const n = factor.length;
    const matrix = new Float64Array(n * n);
    const [u, velocity] = [new Float64Array(n), new Float64Array(n)];
    const normals = new Float64Array(2 * Math.ceil(n / 2));
    return (rate) => {
      for (let i = 0; i < n * n; i++) matrix[i] = rate * whitened[Math.floor(i / n)][i % n];
      u.fill(0);
      velocity.fill(0);
      for (let step = 0; step < steps; step++) {
        fill(normals);
        for (let i = 0; i < n; i++) {
          let sum = momentum * velocity[i] + normals[i];
          for (let j = 0; j < n; j++) sum += matrix[i * n + j] * u[j];
          velocity[i] = sum;
        }
        for (let i = 0; i < n; i++) u[i] -= velocity[i];
      }
      return rate * factor[0].reduce((sum, entry, j) => sum + entry * u[j], 0);
    };
  },

  minibatch({ inputs, targets, minimum, batch_size, steps }) {
    const n = minimum.length;
    const size = targets.length;
    const rows = Float64Array.from(inputs.flatMap((input, i) => [...input, targets[i]]));
    const [w, gradient] = [new Float64Array(n), new Float64Array(n)];
    return (rate) => {
      w.set(minimum);
      for (let step = 0; step < steps; step++) {
        gradient.fill(0);
        for (let i = 0; i < batch_size; i++) {
          const row = Math.floor(Math.random() * size) * (n + 1);
          let residual = -rows[row + n];
          for (let j = 0; j < n; j++) residual += rows[row + j] * w[j];
          for (let j = 0; j < n; j++) gradient[j] += residual * rows[row + j];
        }
        for (let j = 0; j < n; j++) w[j] -= (rate / batch_size) * gradient[j];
      }
      return w[0] - minimum[0];
    };
  },
};
