declare module "fft.js" {
  /** Complex Fourier transforms of power-of-two length. Complex arrays interleave real and imaginary parts. */
  export default class FFT {
    constructor(size: number);
    transform(out: Float64Array, data: Float64Array): void;
    inverseTransform(out: Float64Array, data: Float64Array): void;
  }
}
