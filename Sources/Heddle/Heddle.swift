@_exported import HeddleFormats
@_exported import HeddleGraph
@_exported import HeddleModels
@_exported import HeddleOpenCL
@_exported import HeddlePlanning
@_exported import HeddleReference
@_exported import HeddleTypes
@_exported import OpenCLRuntime
