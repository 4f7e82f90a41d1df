/** Room above the rows (the handle of the cut, the marks of the networks) and below (axes), and right of the matrix. */
export const frameInsets = { top: 20, bottom: 36, right: 2 };
/** The line above: colours, and what is under the cursor. */
export const captionHeight = 20;

const laneWidth = 12;
const clusterLane = 26;
const narrowestCards = 296;
const gap = 16;
const tree = { narrowest: 110, widest: 300 };

export interface JointLayout {
  /** Widths in CSS pixels; the tree is 0 wide where it is not shown. */
  tree: number;
  lanes: number;
  side: number;
  cards: number;
  /** Of matrix, lanes and tree: the side and the room around it. */
  height: number;
}

/** Width of the strip beside the matrix: the numbers of the clusters, a lane a network, one for the selected group. */
function lanesWidth(networks: number): number {
  return clusterLane + (networks + 1) * laneWidth + 4;
}

/** Left edges of the lanes within the strip; the last one is that of the selected group. */
export function laneEdges(networks: number): number[] {
  return Array.from({ length: networks + 1 }, (_, at) => clusterLane + at * laneWidth);
}

export const laneWidthPixels = laneWidth;

/** The matrix as large as height and cards allow; what is left goes to the tree, then to the cards. */
export function layoutJoint(width: number, height: number, networks: number, hasTree: boolean): JointLayout {
  const lanes = lanesWidth(networks);
  const room = Math.max(200, width - narrowestCards - gap - lanes - frameInsets.right);
  const least = hasTree ? tree.narrowest : 0;
  const side = Math.max(
    120,
    Math.floor(Math.min(height - captionHeight - frameInsets.top - frameInsets.bottom, room - least)),
  );
  const share = Math.min(tree.widest, Math.max(tree.narrowest, (room - side) * 0.5));
  const treeWidth = hasTree ? Math.floor(share) : 0;
  const cards = Math.max(narrowestCards, width - gap - lanes - frameInsets.right - side - treeWidth);
  return { tree: treeWidth, lanes, side, cards, height: side + frameInsets.top + frameInsets.bottom };
}
