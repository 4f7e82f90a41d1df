import { describe, expect, it } from 'vitest';
import { cudaDoubts, cudaObstacles, type CudaFindings } from '#workers/capture/cuda-findings.ts';
import { cudaStatus } from '#workers/capture/providers.ts';
import { runtimeReason } from '#workers/capture/runtime.ts';
import { downloadProblem } from '../../../../scripts/support/cuda-words.ts';

const needed = [
  'libcudart.so.13',
  'libcublas.so.13',
  'libcublasLt.so.13',
  'libcurand.so.10',
  'libcudnn.so.9',
];
const libraries = ['libcuda.so.1', ...needed];

const whole: CudaFindings = {
  platform: 'linux',
  arch: 'x64',
  providerFiles: [
    { name: 'libonnxruntime_providers_shared.so', isThere: true },
    { name: 'libonnxruntime_providers_cuda.so', isThere: true },
  ],
  hasDriver: true,
  needed,
  libraries: new Set(libraries),
};

const without = (...names: string[]) => new Set(libraries.filter((name) => !names.includes(name)));

describe('what CUDA lacks', () => {
  it('is nothing where all of it is here', () => {
    expect(cudaStatus(whole)).toEqual({
      name: 'cuda',
      available: true,
      note: 'Its files, the driver, CUDA 13 and cuDNN 9 are here; it is tried when asked for, and by auto.',
    });
  });

  it('is the provider files, with the command that installs them', () => {
    const [shared, cuda] = whole.providerFiles;
    const findings = { ...whole, providerFiles: [shared, { ...cuda, isThere: false }] };
    expect(cudaObstacles(findings)).toEqual([
      'The CUDA provider files are not installed (libonnxruntime_providers_cuda.so); with network access run: npm run cuda.',
    ]);
    expect(cudaStatus(findings).available).toBe(false);
  });

  it('is the driver, or its library in a container without the card', () => {
    expect(cudaObstacles({ ...whole, hasDriver: false })[0]).toMatch(/^No NVIDIA driver .*nvidia-smi/);
    expect(cudaDoubts({ ...whole, libraries: without('libcuda.so.1') })).toEqual([
      expect.stringMatching(/libcuda\.so\.1 was not found; in a container .*--gpus all/),
    ]);
  });

  it('is CUDA or cuDNN, which may lie where only the loader looks: it is tried all the same', () => {
    const findings = {
      ...whole,
      libraries: without('libcublas.so.13', 'libcublasLt.so.13', 'libcudnn.so.9'),
    };
    expect(cudaDoubts(findings)).toEqual([
      expect.stringMatching(
        /^Of the CUDA 13 runtime, libcublas\.so\.13, libcublasLt\.so\.13 were not found: .*cuda\/13/,
      ),
      expect.stringMatching(/^Of cuDNN 9 for CUDA 13, libcudnn\.so\.9 was not found: .*cudnn9-cuda-13/),
    ]);
    expect(cudaStatus(findings)).toMatchObject({ available: true, note: expect.stringContaining('cuDNN 9') });
  });

  it('is asked of no version where the provider file, which names it, is not there', () => {
    expect(cudaDoubts({ ...whole, needed: [], libraries: new Set(['libcuda.so.1']) })).toEqual([]);
  });

  it('is the platform alone where that is the wrong one', () => {
    const findings = { ...whole, platform: 'darwin' as const, arch: 'arm64', libraries: new Set<string>() };
    expect(cudaObstacles(findings)).toEqual([expect.stringMatching(/^CUDA is offered .*Linux x64 alone/)]);
    expect(cudaDoubts(findings)).toEqual([]);
  });

  it('is said in words where the runtime names it', () => {
    const said = runtimeReason(
      new Error(
        '/onnxruntime_src/onnxruntime/core/session/provider_bridge_ort.cc:1778 onnxruntime::Provider& ' +
          'onnxruntime::ProviderLibrary::Get() [ONNXRuntimeError] : 1 : FAIL : Failed to load library ' +
          'libonnxruntime_providers_cuda.so with error: libcublasLt.so.13: cannot open shared object file: No such file or directory',
      ),
    );
    expect(said).toMatch(
      /^libcublasLt\.so\.13 was not found; it is part of the CUDA 13 runtime: install the CUDA 13 toolkit/,
    );
    expect(
      runtimeReason(
        new Error('CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version'),
      ),
    ).toMatch(/^the NVIDIA driver is older/);
  });
});

describe('a download that failed', () => {
  it('says what to fetch by hand and where to put it where the host is out of reach', () => {
    const said = downloadProblem('Error: getaddrinfo EAI_AGAIN api.nuget.org', '1.30.0');
    expect(said).toMatch(/^api\.nuget\.org is out of reach/);
    expect(said).toContain('Microsoft.ML.OnnxRuntime.Gpu.Linux/1.30.0');
    expect(said).toContain('npm run cuda -- --from FILE.nupkg');
  });

  it.each([
    [
      'Error: Failed to download from x. HTTP status code = 407',
      /HTTP status 407 .*GLOBAL_AGENT_HTTPS_PROXY/,
    ],
    ['Error: unable to get local issuer certificate', /not trusted.*NODE_EXTRA_CA_CERTS/],
    ['Error: ENOSPC: no space left on device', /disk is full/],
    ['Error: EACCES: permission denied, open', /cannot be written to/],
    ['line\nTypeError: x is not a function\n  at y', /script failed: TypeError: x is not a function\./],
  ])('%s', (stderr, words) => {
    expect(downloadProblem(stderr, '1.30.0')).toMatch(words);
  });
});
