import { type Hex, hexToBytes } from 'viem'
import { expectSize } from '../encoding/cursor.ts'

/** 256 short words that are hard to mistake for one another when read out. */
const words = (
  'acorn actor album amber angle apple april apron arena arrow atlas attic bacon badge baker bamboo banjo basil ' +
  'basket beach beaver bench berry birch bishop blanket boat bonus book bottle boxer branch bread brick bridge ' +
  'broom bucket butter button cabin cactus camel camera candle canoe canyon carbon cargo carpet carrot castle cedar ' +
  'cello chalk cherry chess circle citrus clay cliff clock clover cobra cocoa coffee comet copper coral cotton ' +
  'cradle crane crayon cricket crown crystal cup curtain daisy dance delta denim desert diamond doctor dolphin ' +
  'donkey door dragon dream drum eagle earth easel echo eight elbow ember empire engine fabric falcon family ' +
  'feather fern ferry fiddle field finger flame flute forest fossil fountain fox frost galaxy garden garlic gecko ' +
  'ghost ginger giraffe glacier glove goat golf grape guitar hammer harbor hazel helmet heron hill hockey honey ' +
  'hotel igloo indigo iron island ivory jacket jaguar jasmine jelly jungle kayak kettle kite kitten koala ladder ' +
  'lagoon lantern lemon lilac linen lizard llama lobster lotus lunch magnet mango maple marble meadow melon meteor ' +
  'mirror mitten monkey moon mosaic motor muffin museum napkin nectar needle nickel novel nutmeg oasis ocean olive ' +
  'onion opera orange orchid otter oyster paddle palace panda paper parrot peach pearl pencil pepper piano pigeon ' +
  'pillow pine pirate planet plum pocket poem polar pond poppy potato puzzle quartz quilt rabbit radar raft raven ' +
  'ribbon river robin rocket rope saddle sail salmon sand scarf school silver siren sketch spider spoon stone sugar ' +
  'summer swan temple thunder tiger tulip tunnel turtle velvet violin walnut whale willow window winter zebra'
).split(' ')

/**
 * Returns four words that stand for a recovery: owner and guardian read them to each other before the guardian approves.
 *
 * They tell apart requests of chance, and 2³² tries of an attacker: the guardian's page shows what changes as well.
 *
 * @param digest - The recovery's digest.
 * @throws {EncodingError} when it has not 32 bytes.
 * @example
 * recoveryPhrase(request.digest) // 'maple otter comet linen'
 */
export function recoveryPhrase(digest: Hex): string {
  const bytes = hexToBytes(expectSize(digest, 32, 'digest of a recovery')).subarray(0, 4)
  return Array.from(bytes, (byte) => words[byte]).join(' ')
}
