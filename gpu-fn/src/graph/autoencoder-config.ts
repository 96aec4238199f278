/** The autoencoder's configuration, in black-forest-labs' parameter names. */
import { WeightsError } from "../errors.ts";

/** The configuration, with black-forest-labs' names. */
export interface AutoencoderConfig {
  readonly in_channels?: number;
  readonly out_ch?: number;
  /** Base width; a multiple of gn_groups. */
  readonly ch: number;
  readonly ch_mult: readonly number[];
  readonly num_res_blocks: number;
  readonly z_channels: number;
  /** latent = scale_factor · (mean − shift_factor), unless the two arrays below are given. */
  readonly scale_factor?: number;
  readonly shift_factor?: number;
  /** Per channel: latent = (mean − latent_mean) / latent_std. */
  readonly latent_mean?: readonly number[];
  readonly latent_std?: readonly number[];
  readonly gn_groups?: number;
  readonly gn_eps?: number;
}

/** `vae/config.json` of the diffusers layout. */
export interface DiffusersAutoencoderConfig {
  readonly in_channels: number;
  readonly out_channels: number;
  readonly block_out_channels: readonly number[];
  readonly layers_per_block: number;
  readonly latent_channels: number;
  readonly norm_num_groups: number;
  readonly scaling_factor: number;
  readonly shift_factor?: number | null;
  readonly use_quant_conv?: boolean;
  readonly use_post_quant_conv?: boolean;
}

/** The same configuration in black-forest-labs' names; widths become multiples of the first. */
export function autoencoderConfigFromDiffusers(config: DiffusersAutoencoderConfig): AutoencoderConfig {
  if (config.use_quant_conv || config.use_post_quant_conv) {
    throw new WeightsError("autoencoder: quant convolutions are not supported (FLUX has none)");
  }
  const [ch = 1] = config.block_out_channels;
  return {
    in_channels: config.in_channels,
    out_ch: config.out_channels,
    ch,
    ch_mult: config.block_out_channels.map((width) => width / ch),
    num_res_blocks: config.layers_per_block,
    z_channels: config.latent_channels,
    scale_factor: config.scaling_factor,
    shift_factor: config.shift_factor ?? 0,
    gn_groups: config.norm_num_groups,
  };
}
