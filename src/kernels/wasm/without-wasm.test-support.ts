import { vi } from 'vitest';

/** Lets the engine refuse WASM, as one under a strict security policy does, until the function it gives is called. */
export function refuseWasm(): () => void {
  const { Module } = WebAssembly;
  WebAssembly.Module = class {
    constructor() {
      throw new WebAssembly.CompileError('code generation is disallowed');
    }
  } as unknown as typeof Module;
  return () => {
    WebAssembly.Module = Module;
  };
}

type Scoring = typeof import('../../scoring/index.ts');

/** A second copy of the library, and a way to use it where WASM is refused: all its scores are of the TypeScript twins. */
export async function twinLibrary(): Promise<<T>(work: (library: Scoring) => T) => T> {
  vi.resetModules();
  const library = await import('../../scoring/index.ts');
  return (work) => {
    const allow = refuseWasm();
    try {
      return work(library);
    } finally {
      allow();
    }
  };
}
