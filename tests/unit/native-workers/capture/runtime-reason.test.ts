import { expect, it } from 'vitest';
import { runtimeReason } from '#workers/capture/runtime.ts';

it('says a missing graphics adapter in words, without source locations', () => {
  const said = runtimeReason(
    new Error(
      '/onnxruntime_src/onnxruntime/core/providers/webgpu/webgpu_context.cc:136 onnxruntime::webgpu::' +
        'WebGpuContext::Initialize(const onnxruntime::webgpu::WebGpuContextConfig&)::<lambda()> ' +
        'adapter_result.status == wgpu::RequestAdapterStatus::Success was false. Failed to get a WebGPU adapter: ' +
        'No supported adapters',
    ),
  );
  expect(said).toMatch(/^no graphics adapter was found\..*Vulkan/);
  expect(said).not.toMatch(/onnxruntime_src|lambda/);
});

it('keeps the first line of any other message, without prefixes', () => {
  expect(
    runtimeReason(new Error('[ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : Gemm: sizes differ\nat node 3')),
  ).toBe('Gemm: sizes differ');
});
