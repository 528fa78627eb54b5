/**
 * Words of a phrase: 1,024, so that three of them are one of 2^30. Short, of plain letters, and no two of them so alike that one
 * wrong letter, or two changed ones, makes the other.
 */
export const phraseWords: readonly string[] = `
abacus academy acorn acrobat actor agent airport alarm album alcove algebra alley almanac almond alpine
altar amber amulet anchor angle anthem antique antler anvil apple apricot apron aqua arbor arcade archer
arena armada arrow artist aspen asphalt athlete atlas atom atrium attic august aurora autumn avenue
avocado award axle azalea bacon badge bagel baker balcony ballad ballet balloon bamboo banana banjo
banner barber barley barn barrel basalt basil basket bassoon beagle beaver bedrock beetle begonia
bellows belt bench bicycle birch biscuit bishop bison blanket blazer blimp blossom blouse boat bobbin
bobcat bonfire bonnet bonsai book booth bottle bouquet bowl boxer bracket bramble branch brass bravo
breeze brick bridge brocade bronco bronze broom brush bubble bucket buckle buffalo buggy bugle bulldog
bundle bunker butler button buzzard cabbage cabin cable cactus cake calypso camel camera canal canary
candle candy canoe canvas canyon captain caramel caravan carbon cargo caribou carpet carrot cart cashew
castle catalog catfish cavern caviar cedar celery cement ceramic chalk chamber channel chapel chariot
chateau checker cheese cherry chess chicory chief chimney chisel chorus chowder cinema circle circus
citadel citizen clam cliff clipper cloak cloth cloud clover cluster coaster cobalt cobbler cobra cockpit
cocoa coconut cocoon coffee collar column comedy comet compass concert condor convoy cookie copper coral
corner cosmos cottage cotton cougar cousin cowboy coyote crab cradle crane crater crayon cream cricket
crimson crochet crouton crown crumpet crystal cuckoo curator currant curry curtain cushion cutlass cycle
cyclone cypress dahlia dairy dancer dawn deck delta denim deputy derby desert diamond dinghy dinner
diploma diver doctor dolphin domino donkey doodle dove dragon drawer drift drizzle drum duchess dugout
dune dungeon dusk earring earth easel echo eclipse elastic elbow elder embassy emblem emerald emperor
empire enamel encore engine epic equator ermine escort essay estate evening exhibit express fabric
factory fairway falcon fanfare farmer feather fedora fence fennel ferret ferry fiddle field fiesta
filter finch finger firefly fjord flag flame flannel flask fleece flicker flint flock floral florist
flute foam folder forest forge fork formula fossil freckle freight fresco frigate frost fruit fudge
furnace furrow fusion galaxy galleon gallery gallop garage garden garland garlic garnet garnish gazebo
gazelle gecko geology geyser giant gingham giraffe girdle glacier glass glider glimmer globe glow gnome
goblet gondola goose gopher gourd grammar granite granola grape gravel grotto grove guava guild guitar
gully gust habitat halibut halo hammer hammock hamster harmony harness harp harvest hatchet hawk hazel
heart hedge helium helmet herald hermit heron hexagon hickory hill hinge hippo hockey honey horizon
hornet hostel hunter hurdle hydrant hyena iceberg icon igloo iguana incense indigo inkwell insect iris
island ivory jackal jacket jackpot jaguar jasmine javelin jelly jersey jester jewel jigsaw journal
jubilee juggler juice jukebox jungle juniper kayak kelp kestrel ketchup kettle kilt kimono kindle
kingdom kiosk kitchen kite kitten kiwi koala label lacquer ladder ladybug lagoon lamp lantern lanyard
larch lark lasagna laser lasso lattice laurel lava leaf lecture legend lemon lemur lens lentil leopard
letter lettuce lever lexicon library lichen lilac lily lime linen lion lizard llama lobby lobster locket
locust lodge lotus lozenge luggage lullaby lumber lunch lynx lyric machine magenta magma magnet magpie
mallard mammoth mango mantis maple marble marina market marlin marmot maroon marsh mascot matador matrix
maze meadow medley melody melon mermaid meteor metro millet minaret mineral minivan minnow mint minuet
mirror mocha modem mollusk monarch monocle monsoon moped morning mosaic moss motel motor muffin mural
museum music muskrat muslin mustang mystic napkin narwhal navy nebula nectar needle nest network nickel
nomad nougat novel nugget nursery nutmeg nylon oasis oatmeal obelisk oboe ocean octave octopus office
olive olympic omelet onion opal opera opossum optic oracle orange orbit orchard orchid oregano organ
origami osprey ostrich otter outpost oven oxygen oyster paddle paddock pagoda pajamas palace palette
pancake panda panel panther papaya paper paprika papyrus parade paragon parcel parka parsley parsnip
partner pasta pastel pastry patio patrol peach peacock peanut pearl pebble pecan pelican pencil penguin
penny pepper perfume petunia phoenix photon piano piccolo pickle picnic pigeon pilgrim pillow pilot
pioneer pirate piston pitcher pizza placard plaid planet plank plaster plateau plaza plum plywood podium
poem polar polka pollen polygon poncho pond popcorn poppy porch portal potato pottery poultry powder
prairie pretzel printer protein prune pudding pueblo pulley pulse pumice pumpkin puppet purple puzzle
pyramid python quail quarry quarter quartz quasar queen quest quilt quince quinoa quiver rabbit raccoon
radar radio radish raffle raft ragtime railway rainbow raisin ranger rapids rattle raven ravine razor
realm receipt recital reef relic reptile resin rhino rhubarb rhythm ribbon roadway roast robin robot
rodeo roof rooster rose rotunda rowboat rubber ruby rudder ruler runway saffron sage sailor salad salmon
salsa sandal sardine satchel satin sausage savanna sawmill scale scallop scarf scarlet scenic scholar
school scooter scout screen scribe scroll seagull season seaweed sequoia sesame shadow shanty shark
shawl shelf sherbet sheriff shield ship shovel shrimp shuttle sierra signal silicon silk silver siren
sitar sketch skillet skunk skyline slalom sled slogan sloop smelter smoke snail snorkel snow soap soccer
sofa sonata soprano souffle spaniel sparrow spatula sphinx spice spider spinach spindle spiral spoon
spring spruce squash squid stadium stamp station statue steam steeple stencil stirrup stone storm straw
street studio suburb subway sugar summer sundial sunset surgeon swallow swan sweater swift swing switch
sword synapse syrup tabby tablet tadpole talon tandem target tartan tassel teacup teapot temple tempo
tennis tenor termite terrace terrier textile thermos thicket thimble thistle thorn thread thunder tiara
tiger timber tinder tissue token tomato toolbox topaz topsoil tornado totem toucan tourist towel tractor
train trapeze treaty trellis trestle tribune trident trilogy trinket trolley trophy tropic trout truffle
tugboat tulip tundra tunnel turban turbine turkey turnip turret turtle tuxedo tweed twin tycoon typhoon
ukulele uncle unicorn uniform upland usher utensil utopia vacuum valet vanilla vault velvet venison
veranda verbena verdict vertex vessel veteran viaduct vicar victory village vinegar vintage vinyl violet
violin viper visitor vista vitamin vixen vocal volcano voyage vulture wagon wallaby walnut walrus waltz
warrior waxwing wedding wharf wheat whippet wicker widget wigwam wildcat window winter wolf wombat wool
writer xenon yacht yard yellow yeoman yodel yogurt yonder yucca zebra zenith zephyr zigzag zinc zinnia
zipper zodiac zone
`
  .trim()
  .split(/\s+/);
