/** Why a try failed, in a word that holds nothing of the answer. */
export type Failure = 'url' | 'address' | 'credential' | 'timeout' | 'certificate' | 'connection' | 'status';

/** What became of one try; `stopped` where the host stops, which counts for nothing. */
export type Outcome =
  | { readonly kind: 'arrived'; readonly status: number }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly status?: number }
  | { readonly kind: 'stopped' };
