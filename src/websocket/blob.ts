/** The part of a `Blob` that is used. */
export interface BlobLike {
  readonly size: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

interface Globals {
  readonly Blob?: new (parts?: readonly ArrayBuffer[]) => BlobLike;
}

export function isBlob(value: unknown): value is BlobLike {
  const { Blob } = globalThis as Globals;
  return Blob !== undefined && value instanceof Blob;
}

/** `bytes` as a `Blob`, or as they are where none can be made of them (React Native). */
export function toBlob(bytes: ArrayBuffer): unknown {
  const { Blob } = globalThis as Globals;
  try {
    return Blob ? new Blob([bytes]) : bytes;
  } catch {
    return bytes;
  }
}
