interface CommandLine {
  appendSwitch(name: string, value?: string): void;
}

/**
 * Item 1 again, for requests that no page makes: Chromium's own background traffic (component updates, field
 * trials, reports) is switched off, no host name resolves at all, and WebRTC may not send packets around a proxy.
 */
const offlineSwitches: readonly (readonly [name: string, value?: string])[] = [
  ['disable-background-networking'],
  ['disable-component-update'],
  ['disable-domain-reliability'],
  ['disable-client-side-phishing-detection'],
  ['disable-sync'],
  ['no-pings'],
  ['host-resolver-rules', 'MAP * ~NOTFOUND'],
  ['force-webrtc-ip-handling-policy', 'disable_non_proxied_udp'],
  ['disable-features', 'MediaRouter,OptimizationHints,Translate,AutofillServerCommunication'],
];

export function applyOfflineSwitches(commandLine: CommandLine): void {
  for (const [name, value] of offlineSwitches) commandLine.appendSwitch(name, value);
}
