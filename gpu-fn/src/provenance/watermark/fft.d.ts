declare module "fft.js" {
  /** Complex Fourier transforms of a power of two; a complex array holds real and imaginary parts in turn. */
  export default class FFT {
    constructor(size: number);
    transform(out: Float64Array, data: Float64Array): void;
    inverseTransform(out: Float64Array, data: Float64Array): void;
  }
}
