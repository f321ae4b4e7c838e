using ShutdownAnalyzers.Shop;

switch (args.FirstOrDefault())
{
    case "minimal": MinimalShop.Run(args); break;
    case "startup": StartupShop.Run(args); break;
    case "webhost": WebHostShop.Run(args); break;
    case "stock": StockShop.Run(args); break;
    case "registered-twice": RegisteredTwiceShop.Run(args); break;
    default: throw new ArgumentException("Name the form of host: minimal, startup, webhost, stock or registered-twice.");
}
