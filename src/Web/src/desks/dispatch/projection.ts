// Places on a plane: equirectangular around the middle of what is shown, which is exact enough for a depot's district.
export interface Place {
  longitudeE5: number;
  latitudeE5: number;
}

export interface Point {
  x: number;
  y: number;
}

// What the canvas shows: the place in its middle and how many pixels a metre is.
export interface View {
  centre: Place;
  pixelsPerMetre: number;
}

export const metresPerDegree = 111_195;
const leastMetres = 400;
const barSteps = [1, 2, 5];

const cosineAt = (latitudeE5: number) => Math.cos((latitudeE5 / 1e5) * (Math.PI / 180));

// The view that holds all places with some room around them; one place alone is shown with its surroundings.
export function fitted(places: Place[], width: number, height: number, margin = 30): View {
  if (places.length === 0) return { centre: { longitudeE5: 0, latitudeE5: 0 }, pixelsPerMetre: width / 10_000 };
  let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { longitudeE5, latitudeE5 } of places) {
    [west, east] = [Math.min(west, longitudeE5), Math.max(east, longitudeE5)];
    [south, north] = [Math.min(south, latitudeE5), Math.max(north, latitudeE5)];
  }
  const centre = { longitudeE5: (west + east) / 2, latitudeE5: (south + north) / 2 };
  const wide = Math.max(leastMetres, ((east - west) / 1e5) * metresPerDegree * cosineAt(centre.latitudeE5));
  const high = Math.max(leastMetres, ((north - south) / 1e5) * metresPerDegree);
  return { centre, pixelsPerMetre: Math.min(Math.max(1, width - 2 * margin) / wide, Math.max(1, height - 2 * margin) / high) };
}

export function project(place: Place, view: View, width: number, height: number): Point {
  const east = ((place.longitudeE5 - view.centre.longitudeE5) / 1e5) * metresPerDegree * cosineAt(view.centre.latitudeE5);
  const north = ((place.latitudeE5 - view.centre.latitudeE5) / 1e5) * metresPerDegree;
  return { x: width / 2 + east * view.pixelsPerMetre, y: height / 2 - north * view.pixelsPerMetre };
}

// The view after the plane was pulled by so many pixels.
export function panned(view: View, dx: number, dy: number): View {
  const degrees = 1e5 / metresPerDegree / view.pixelsPerMetre;
  return {
    ...view,
    centre: {
      longitudeE5: view.centre.longitudeE5 - (dx * degrees) / cosineAt(view.centre.latitudeE5),
      latitudeE5: view.centre.latitudeE5 + dy * degrees,
    },
  };
}

// A round length (1, 2 or 5 times a power of ten) that fits into so many pixels.
export function scaleBar(view: View, pixelsMax: number): { metres: number; pixels: number } {
  const longest = pixelsMax / view.pixelsPerMetre;
  const power = 10 ** Math.floor(Math.log10(longest));
  const metres = (barSteps.filter((step) => step * power <= longest).at(-1) ?? 1) * power;
  return { metres, pixels: metres * view.pixelsPerMetre };
}

export const lengthText = (metres: number) => (metres >= 1000 ? `${metres / 1000} km` : `${metres} m`);

// What lies under the pointer, at most so many pixels away.
export function nearest<T extends Point>(points: T[], x: number, y: number, radius: number): T | undefined {
  let best: T | undefined;
  let least = radius * radius;
  for (const point of points) {
    const away = (point.x - x) ** 2 + (point.y - y) ** 2;
    if (away <= least) [best, least] = [point, away];
  }
  return best;
}
