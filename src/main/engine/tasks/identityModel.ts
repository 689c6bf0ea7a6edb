/** One protobuf field with a length-delimited value (wire type 2). */
function field(number: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const value = Buffer.concat(parts)
  return Buffer.concat([Uint8Array.of((number << 3) | 2, value.length), value])
}

/** One protobuf field with a small integer (wire type 0). */
function integer(number: number, value: number): Uint8Array {
  return Uint8Array.of(number << 3, value)
}

const text = (number: number, value: string): Uint8Array => field(number, Buffer.from(value))

/** ValueInfoProto of a float tensor of one element. */
function value(number: number, name: string): Uint8Array {
  const shape = field(2, field(1, integer(1, 1)))
  return field(number, text(1, name), field(2, field(1, integer(1, 1), shape)))
}

/** The smallest ONNX model: y = Identity(x), float32 [1]. Field numbers as in onnx.proto3. */
export function identityModel(): Uint8Array {
  const node = field(1, text(1, 'x'), text(2, 'y'), text(4, 'Identity'))
  const graph = field(7, node, text(2, 'identity'), value(11, 'x'), value(12, 'y'))
  const opset = field(8, text(1, ''), integer(2, 13))
  return Buffer.concat([integer(1, 8), graph, opset])
}
