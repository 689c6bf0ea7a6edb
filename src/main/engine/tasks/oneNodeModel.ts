/** One protobuf field with a length-delimited value of less than 128 bytes (wire type 2). */
function field(number: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const value = Buffer.concat(parts)
  return Buffer.concat([Uint8Array.of((number << 3) | 2, value.length), value])
}

/** One protobuf field with a small integer (wire type 0). */
function integer(number: number, value: number): Uint8Array {
  return Uint8Array.of(number << 3, value)
}

const text = (number: number, value: string): Uint8Array => field(number, Buffer.from(value))

/** ValueInfoProto of a float tensor of any shape. */
const tensor = (number: number, name: string): Uint8Array =>
  field(number, text(1, name), field(2, field(1, integer(1, 1))))

/**
 * An ONNX model of one operator without attributes: y = operator(inputs), all float32. What doctor
 * tries runtimes with, and what the bench measures them by. Field numbers as in onnx.proto3.
 */
export function oneNodeModel(operator: string, inputs: readonly string[]): Uint8Array {
  const node = field(1, ...inputs.map((name) => text(1, name)), text(2, 'y'), text(4, operator))
  const values = [...inputs.map((name) => tensor(11, name)), tensor(12, 'y')]
  const graph = field(7, node, text(2, 'one node'), ...values)
  const opset = field(8, text(1, ''), integer(2, 13))
  return Buffer.concat([integer(1, 8), graph, opset])
}
