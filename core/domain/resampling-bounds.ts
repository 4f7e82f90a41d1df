/** Standard errors of `subspaces` decompose once a group of images: beyond so many units of a pair they are left out. */
export const mostJackknifed = 1024;
/** Every resample makes and cuts a graph of its own: of more units there are none, and no stability of clusters. */
export const mostResampled = 8192;
