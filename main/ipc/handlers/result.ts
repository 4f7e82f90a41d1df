import { unitStatisticsOf } from '../../app/unit-statistics.ts';
import { smallArrayOf } from '../../app/small-array.ts';
import { pairTableOf } from '../../app/pair-table.ts';
import type { Handlers } from '#core/ipc/contract.ts';
import type { HandlerContext } from '../context.ts';

const database = (context: HandlerContext) => context.session.required().database.methods;

export const resultHandlers: Handlers<HandlerContext>['result'] = {
  get: ({ resultId }, context) => database(context).result(resultId),
  array: ({ resultId, array }, context) => smallArrayOf(database(context), resultId, array),
  matrix: ({ resultId, array }, context) => database(context).matrixInfo(resultId, array),
  order: async ({ rows, cols }, context) => ({ order: await database(context).keepOrder(rows, cols) }),
  tile: ({ resultId, array, level, row, col, order }, context) =>
    database(context).tile(resultId, array, level, row, col, order),
  partnerValues: ({ resultId, array, partners }, context) =>
    database(context).partnerValues(resultId, array, partners),
  pairs: ({ resultId }, context) => pairTableOf(database(context), resultId),
  units: ({ resultId }, context) => unitStatisticsOf(database(context), resultId),
};
