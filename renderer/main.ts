import './backend/no-eval.ts';
import { mount } from 'svelte';
import App from './app/App.svelte';
import { findBridge } from './backend/bridge.ts';
import './app/styles/index.css';

const target = document.getElementById('app');
if (!target) throw new Error('The page has no element #app.');
mount(App, { target, props: { bridge: findBridge() } });
